"""The AWS credentials may do what `pulumi up` does, as far as IAM's policy simulator tells."""

from collections.abc import Iterator

from ready.facts import Facts, known
from ready.finding import Finding, listed, met, not_met
from ready.needs import Needs


def check(_: Needs, facts: Facts) -> Iterator[Finding]:
    """Yield the actions that are refused, if any."""
    if facts.aws is None:
        return
    refused = known(facts.aws.refused)
    if refused:
        fix = "Allow these actions to the user or role, or use another profile or role."
        yield not_met("AWS permissions", f"IAM refuses {listed(refused, 12)}.", fix)
    else:
        yield met("AWS permissions", "IAM's policy simulator allows every action that creates the stack.")
