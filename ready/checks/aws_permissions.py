"""The AWS credentials may do what `pulumi up` does, as far as IAM's policy simulator tells."""

from collections.abc import Iterator

from ready.facts import Facts, known
from ready.finding import Finding, listed, met, not_met, not_seen
from ready.needs import Needs


def check(_: Needs, facts: Facts) -> Iterator[Finding]:
    """Yield the actions that are refused, and those that may be."""
    if facts.aws is None:
        return
    refused = known(facts.aws.refused)
    if certain := [one.action for one in refused if not one.unknown]:
        fix = "Allow these actions to the user or role, or use another profile or role."
        yield not_met("AWS permissions", f"IAM refuses {listed(certain, 12)}.", fix)
    if perhaps := [one for one in refused if one.unknown]:
        keys = listed(sorted({key for one in perhaps for key in one.unknown}))
        why = f"policies have conditions on {keys}, which the simulator does not know"
        actions = listed([one.action for one in perhaps], 12)
        yield not_seen("AWS permissions", why, f"These actions may be refused: {actions}.")
    if not refused:
        yield met(
            "AWS permissions", "IAM's policy simulator allows the actions that it needs, as far as they are known."
        )
