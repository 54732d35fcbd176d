"""Unfinished uploads are removed."""

from collections.abc import Iterator

from pydantic import Field

from policies import buckets
from policies.resources import Resource
from policies.rule import Bounds, ResourceRule, Severity


class UploadBounds(Bounds):
    """For how long an upload may take."""

    max_days: int = Field(
        7, description="The longest time, in days, that an unfinished upload may stay; Tempo's manual says 1."
    )


def check(lifecycle: Resource, bounds: UploadBounds) -> Iterator[str]:
    """Yield a lifecycle that keeps unfinished uploads too long."""
    days = [
        rule["abortIncompleteMultipartUpload"]["daysAfterInitiation"].number()
        for rule in buckets.rules_of(lifecycle)
        if buckets.is_for_all(rule) and not rule["abortIncompleteMultipartUpload"].is_missing
    ]
    if not days:
        yield "No rule for the whole bucket removes unfinished uploads, which nobody sees and everybody pays for."
    elif min(days) > bounds.max_days:
        yield f"Unfinished uploads are removed after {min(days):g} days; at most {bounds.max_days} are allowed."


RULE = ResourceRule(
    name="bucket-aborts-unfinished-uploads",
    promise="The parts of uploads that were never finished are removed.",
    severity=Severity.MEDIUM,
    to_do="Set object_store.abort_multipart_days, which becomes abortIncompleteMultipartUpload of a rule with an "
    "empty prefix.",
    controls=("AWS FSBP S3.13",),
    bounds=UploadBounds,
    types=buckets.LIFECYCLE,
    check=check,
)
