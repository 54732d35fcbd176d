"""When a bucket itself deletes objects: lifecycle rules of S3 and of MinIO."""

from collections.abc import Iterator
from dataclasses import dataclass

from policies.config_maps import CONFIG_MAP, files, texts
from policies.property import Property
from policies.resources import Resource, Stack

_BUCKET = "aws:s3/bucket:Bucket"
_LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"


@dataclass(frozen=True)
class Expiry:
    """A rule that deletes objects below a prefix after some days.

    `is_narrowed`: it holds only for some of them, as by their tags or sizes.
    """

    resource: Resource
    name: str
    prefix: str
    days: float
    is_narrowed: bool = False


@dataclass(frozen=True)
class Lifecycle:
    """All expiries of a bucket, and the resource that sets them."""

    resource: Resource
    expiries: tuple[Expiry, ...]


def lifecycles(stack: Stack, bucket: str) -> Iterator[Lifecycle]:
    """Yield what sets the lifecycle of the bucket of that name: a resource of AWS, or a file for MinIO."""
    for found in stack.of_type(_BUCKET):
        if found["bucket"].value == bucket:
            for resource in stack.pointing_to(found, _LIFECYCLE, "bucket", same="bucket"):
                yield Lifecycle(resource, tuple(_expiries(resource, resource["rules"].items())))
    for config_map in stack.of_type(CONFIG_MAP):
        # A script beside the file sets up the bucket that it names.
        if any(bucket in text.text() for _, text in texts(config_map)):
            for file in files(config_map):
                if isinstance(file.document.value.get("Rules"), list):
                    rules = [_camel(rule) for rule in file.document["Rules"].items()]
                    yield Lifecycle(config_map, tuple(_expiries(config_map, rules)))


def _expiries(resource: Resource, rules: list[Property]) -> Iterator[Expiry]:
    for rule in rules:
        if rule["status"].text("") == "Enabled" and not rule["expiration"]["days"].is_missing:
            narrowing = set(rule["filter"].fields()) | set(rule["filter"]["and"].fields())
            prefixes = [rule["filter"]["prefix"], rule["filter"]["and"]["prefix"], rule["prefix"]]
            yield Expiry(
                resource,
                rule["id"].text("without a name"),
                next((text for one in prefixes if (text := one.text(""))), ""),
                rule["expiration"]["days"].number(),
                is_narrowed=bool(narrowing - {"prefix", "and"}),
            )


def _camel(rule: Property) -> Property:
    """Return a rule of MinIO's file with AWS' names in Pulumi: `ID` is `id`, `Expiration` is `expiration`."""

    def renamed(value: object) -> object:
        if isinstance(value, dict):
            return {_lower(str(name)): renamed(inner) for name, inner in value.items()}
        return value

    return Property(renamed(rule.value), rule.path)


def _lower(name: str) -> str:
    return "id" if name == "ID" else name[:1].lower() + name[1:]
