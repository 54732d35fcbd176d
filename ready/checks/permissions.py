"""The kubeconfig's user may do what `pulumi up` does with every kind of object."""

from collections.abc import Iterator

from ready.facts import NOT_LOGGED_IN, Facts, Unknown, known
from ready.finding import Finding, listed, met, not_met
from ready.needs import Needs


def check(needs: Needs, facts: Facts) -> Iterator[Finding]:
    """Yield what this user may not do, if anything."""
    found = facts.cluster.refused
    if isinstance(found, Unknown) and found.status in NOT_LOGGED_IN:
        # Kubernetes answers this question to everybody who has logged in (system:basic-user), /version to all.
        yield not_met(
            "Kubernetes permissions",
            f"The API server does not even tell what this user may do: {found.why.rstrip('.')}.",
            "Log in anew, or use another context.",
        )
        return
    refused = known(found)
    if refused:
        yield not_met(
            "Kubernetes permissions",
            f"This user may not {listed(refused)}.",
            "Have an administrator bind a role with these permissions, or use another context.",
        )
        return
    kinds = len({(one.group, one.resource) for one in needs.permissions})
    yield met(
        "Kubernetes permissions", f"This user may do all that the stack needs with {kinds} kinds of objects."
    )
