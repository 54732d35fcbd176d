"""Live blocks stay readable."""

from collections.abc import Iterator

from policies import buckets
from policies.resources import Resource, Stack
from policies.rule import Bounds, Severity, StackRule, Violation

# Classes from which S3 answers at once; an object of any other must be restored first, which takes hours.
_READABLE = ("STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER_IR")
# Intelligent-Tiering archives only where this resource asks for it.
_TIERING = ("aws:s3/bucketIntelligentTieringConfiguration:BucketIntelligentTieringConfiguration",)


def check(stack: Stack, _bounds: Bounds) -> Iterator[Violation]:
    """Yield each rule that archives live objects of a bucket of data; their old versions may be archived."""
    for bucket in buckets.data_buckets(stack):
        for lifecycle in buckets.guards(stack, bucket, buckets.LIFECYCLE):
            yield from (Violation(lifecycle, sentence) for sentence in _transitions(lifecycle))
        for tiering in buckets.guards(stack, bucket, _TIERING):
            yield from (Violation(tiering, sentence) for sentence in _tiers(tiering))


def _transitions(lifecycle: Resource) -> Iterator[str]:
    for rule in buckets.rules_of(lifecycle):
        for transition in rule["transitions"].items():
            chosen = transition["storageClass"].text()
            if chosen not in _READABLE:
                name = rule["id"].text("without an id")
                yield f"Rule {name} moves live blocks to {chosen}, where Tempo cannot read them."


def _tiers(tiering: Resource) -> Iterator[str]:
    if tiering["status"].text("Enabled") == "Enabled":
        for tier in tiering["tierings"].items():
            yield f"Objects move to {tier['accessTier'].text()}, where Tempo cannot read them."


RULE = StackRule(
    name="bucket-archives-no-live-blocks",
    promise="Tempo can read every block at once for as long as it is kept.",
    severity=Severity.CRITICAL,
    to_do=f"Remove the transition, or choose one of {', '.join(_READABLE)}; archive noncurrent versions only.",
    check=check,
)
