"""The buckets' names, which all of Amazon's customers share, are free or this account's."""

from collections.abc import Iterator

from ready.facts import Facts, known
from ready.finding import Finding, met, not_met, not_seen
from ready.needs import Needs


def check(needs: Needs, facts: Facts) -> Iterator[Finding]:
    """Yield who owns each bucket of the stack."""
    store = needs.settings.object_store
    if facts.aws is None:
        if store.endpoint:
            why = f"{store.endpoint} may have an address in the cluster's network only"
            yield not_seen("object store", why, f"Check from a Pod that it answers and has {store.bucket}.")
        return
    for bucket, state in known(facts.aws.buckets).items():
        yield _finding(bucket, state, store.region)


def _finding(bucket: str, state: str, region: str) -> Finding:
    if state == "free":
        return met("bucket", f"The name {bucket} is free: `pulumi up` creates it.")
    if state == "own":
        note = "If this stack did not create it, see docs/take-over.md"
        return met("bucket", f"{bucket} exists in {region} and this account may use it. {note}.")
    fix = "Choose another object_store.bucket"
    if state == "foreign":
        sentence = f"{bucket} exists, and belongs to another account or refuses these credentials."
        return not_met("bucket", sentence, f"{fix}; names are shared by all accounts.")
    return not_met("bucket", f"{bucket} exists in {state}, not in {region}.", f"{fix}, or correct the region.")
