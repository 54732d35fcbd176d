"""AWS resources as a Terraform plan, the form in which checkov knows most of them.

Pulumi's AWS provider is made from Terraform's: types and properties are the same under other names, nested
blocks are objects, and repeated blocks are lists named in the plural.
"""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from scan.resource import AWS, Resource

PLAN_FILE = "plan.json"
_BUCKET = "aws:s3/bucket:Bucket"
# Attributes with keys of the user's own, not blocks.
_MAPS = frozenset({"tags", "tagsAll"})


def plan_files(resources: Iterable[Resource]) -> dict[str, str]:
    """Return the plan that creates the AWS resources, by its file's name; nothing if there is none."""
    found = [resource for resource in resources if resource.type.startswith(AWS)]
    return {PLAN_FILE: json.dumps(_plan(found), indent=1)} if found else {}


def resource_of(address: str) -> str:
    """Return the logical name of the resource with an address such as `aws_s3_bucket.store-traces-bucket`."""
    return address.partition(".")[2]


def terraform_type(token: str) -> str:
    """Return Terraform's name of a type: `aws:s3/bucketPolicy:BucketPolicy` is `aws_s3_bucket_policy`."""
    _, module, kind = token.split(":")
    return f"aws_{module.partition('/')[0]}_{_snake(kind)}"


def _plan(resources: Iterable[Resource]) -> dict[str, Any]:
    resources = list(resources)
    buckets = {str(found.inputs.get("bucket")): _address(found) for found in resources if found.type == _BUCKET}
    values, expressions = [], []
    for found in resources:
        references = {} if found.type == _BUCKET else _references(found, buckets)
        place = {"address": _address(found), "mode": "managed", "type": _address(found).partition(".")[0]}
        place["name"] = found.name
        known = {key: value for key, value in found.inputs.items() if _snake(key) not in references}
        values.append({**place, "values": _block(known)})
        expressions.append({**place, "expressions": references})
    return {
        "format_version": "1.2",
        "terraform_version": "1.9.0",
        "planned_values": {"root_module": {"resources": values}},
        "resource_changes": [_creation(resource) for resource in values],
        "configuration": {"root_module": {"resources": expressions}},
    }


def _references(resource: Resource, buckets: Mapping[str, str]) -> dict[str, dict[str, list[str]]]:
    """Return the properties that name a bucket of the stack; a plan does not know their values yet.

    checkov joins a bucket and its settings by these.
    """
    named = {key: buckets[value] for key, value in resource.inputs.items() if _is_name(value, buckets)}
    return {_snake(key): {"references": [f"{bucket}.id", bucket]} for key, bucket in named.items()}


def _is_name(value: object, names: Mapping[str, str]) -> bool:
    return isinstance(value, str) and value in names


def _creation(resource: Mapping[str, Any]) -> dict[str, Any]:
    change = {"actions": ["create"], "before": None, "after": resource["values"], "after_unknown": {}}
    return {key: resource[key] for key in ("address", "mode", "type", "name")} | {"change": change}


def _address(resource: Resource) -> str:
    return f"{terraform_type(resource.type)}.{resource.name}"


def _block(properties: Mapping[str, Any]) -> dict[str, Any]:
    return dict(_property(key, value) for key, value in properties.items())


def _property(key: str, value: Any) -> tuple[str, Any]:  # noqa: ANN401 - any JSON
    name = _snake(key)
    if key in _MAPS:
        return name, value
    if isinstance(value, Mapping):
        return name, [_block(value)]
    if isinstance(value, list) and value and all(isinstance(item, Mapping) for item in value):
        return name.removesuffix("s"), [_block(item) for item in value]
    return name, value


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
