"""The namespace is this program's, or nobody's yet."""

from collections.abc import Iterator

from ready.facts import Facts, known
from ready.finding import Finding, met, not_met
from ready.needs import Needs

_OWNER = "app.kubernetes.io/part-of"
_PROFILE = "pod-security.kubernetes.io/enforce"


def check(needs: Needs, facts: Facts) -> Iterator[Finding]:
    """Yield whether the namespace is absent, ours with its Pod Security profile, or somebody else's."""
    labels = known(facts.cluster.namespace)
    name = needs.namespace
    if labels is None:
        yield met("namespace", f"{name} does not exist yet: `pulumi up` creates it.")
        return
    profile = labels.get(_PROFILE, "none")
    if labels.get(_OWNER) != needs.labels[_OWNER]:
        owner = f"{_OWNER}: {labels[_OWNER]}" if _OWNER in labels else f"without the label {_OWNER}"
        yield not_met(
            "namespace",
            f"{name} exists and is not this program's ({owner}; Pod Security profile: {profile}).",
            "Choose another environment.namespace, or take it over as docs/take-over.md describes.",
        )
    elif profile != needs.labels[_PROFILE]:
        yield not_met(
            "namespace",
            f"{name} is this program's, but enforces the Pod Security profile {profile}.",
            f"Restore it: kubectl label --overwrite namespace {name} {_PROFILE}={needs.labels[_PROFILE]}",
        )
    else:
        yield met("namespace", f"{name} exists and is this program's; it enforces the profile {profile}.")
