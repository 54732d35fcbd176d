"""Traces and their key are not deleted by mistake."""

from collections.abc import Iterator

from pydantic import Field

from policies import buckets
from policies.resources import Resource
from policies.rule import Bounds, ResourceRule, Severity

_KEY = "aws:kms/key:Key"


class KeptBounds(Bounds):
    """What a deletion must overcome."""

    protect: bool = Field(True, description="Whether buckets and keys carry Pulumi's option `protect`.")
    force_destroy: bool = Field(False, description="Whether a bucket may be deleted with its content.")


def check(resource: Resource, bounds: KeptBounds) -> Iterator[str]:
    """Yield a bucket or key that a deletion takes along."""
    what = "The key" if resource.type == _KEY else "The bucket"
    if bounds.protect and not resource.is_protected:
        yield f"{what} is not protected from deletion."
    if not bounds.force_destroy and resource["forceDestroy"].flag(False):
        yield f"{what} is deleted with its content: forceDestroy is on."


RULE = ResourceRule(
    name="bucket-survives-deletion",
    promise="No change of the program deletes traces, or the key without which they cannot be read.",
    severity=Severity.CRITICAL,
    to_do="Set environment.protect_stateful and environment.retain_stateful_on_delete.",
    bounds=KeptBounds,
    types=(*buckets.BUCKET, _KEY),
    check=check,
)
