"""Nothing uses long-lived keys of AWS."""

from collections.abc import Iterator

from pydantic import Field

from policies.pods import WORKLOADS, containers, name_of
from policies.resources import Resource
from policies.rule import Bounds, ResourceRule, Severity

_VARIABLES = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_SHARED_CREDENTIALS_FILE")
_PROVIDER = "pulumi:providers:aws"
_KEYS = ("accessKey", "secretKey", "token")
_USERS = ("aws:iam/user:User", "aws:iam/accessKey:AccessKey")


class StaticKeyBounds(Bounds):
    """Where a store knows no roles."""

    store_keys: bool = Field(
        False, description="Whether Pods may have the keys of an S3-compatible store, which knows no roles of AWS."
    )


def check(resource: Resource, bounds: StaticKeyBounds) -> Iterator[str]:
    """Yield each long-lived key that a Pod or the provider is given, and each user of IAM."""
    if resource.type in _USERS:
        yield "This is a user of IAM or its key, whose credentials never expire."
    elif resource.type == _PROVIDER:
        yield from (f"The provider is given {key}." for key in _KEYS if not resource[key].is_missing)
    elif not bounds.store_keys:
        for container in containers(resource):
            for variable in container["env"].items():
                if (name := variable["name"].text()) in _VARIABLES:
                    yield f"{name_of(container)} is given {name}."


RULE = ResourceRule(
    name="identity-uses-no-static-keys",
    promise="Pods and the provider authenticate to AWS by roles, never by keys that do not expire.",
    severity=Severity.CRITICAL,
    to_do="Use object_store.aws.identity for Pods, and profile or assume_role_arn for the provider; "
    "set store_keys for an S3-compatible store.",
    controls=("NSA C-0012",),
    bounds=StaticKeyBounds,
    types=(*WORKLOADS, _PROVIDER, *_USERS),
    check=check,
)
