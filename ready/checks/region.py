"""The region exists, and the account has it enabled."""

from collections.abc import Iterator

from ready.facts import Facts, known
from ready.finding import Finding, met, not_met
from ready.needs import Needs

_DISABLED = "not-opted-in"


def check(needs: Needs, facts: Facts) -> Iterator[Finding]:
    """Yield whether the account may use the region."""
    if facts.aws is None:
        return
    region, state = needs.settings.object_store.region, known(facts.aws.region)
    if state is None:
        yield not_met("AWS region", f"There is no region {region}.", "Correct object_store.region.")
    elif state == _DISABLED:
        fix = f"Enable it: aws account enable-region --region-name {region}"
        yield not_met("AWS region", f"{region} exists, and this account has not enabled it.", fix)
    else:
        yield met("AWS region", f"{region} exists and is enabled.")
