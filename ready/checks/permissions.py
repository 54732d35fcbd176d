"""The kubeconfig's user may do what `pulumi up` does with every kind of object."""

from collections.abc import Iterator

from ready.facts import Facts, known
from ready.finding import Finding, listed, met, not_met
from ready.needs import Needs


def check(needs: Needs, facts: Facts) -> Iterator[Finding]:
    """Yield what this user may not do, if anything."""
    refused = known(facts.cluster.refused)
    if refused:
        yield not_met(
            "Kubernetes permissions",
            f"This user may not {listed(refused)}.",
            "Have an administrator bind a role with these permissions, or use another context.",
        )
        return
    kinds = len({(one.group, one.resource) for one in needs.permissions})
    yield met("Kubernetes permissions", f"This user may manage all {kinds} kinds of objects of the stack.")
