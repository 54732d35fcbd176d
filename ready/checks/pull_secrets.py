"""The Secrets with registries' credentials are in the namespace."""

from collections.abc import Iterator

from ready.facts import Facts, known
from ready.finding import Finding, listed, met, not_met, not_seen
from ready.needs import Needs

_TYPES = ("kubernetes.io/dockerconfigjson", "kubernetes.io/dockercfg")
_REQUIREMENT = "pull secrets"


def check(needs: Needs, facts: Facts) -> Iterator[Finding]:
    """Yield whether each Secret that the settings name exists and has the right type."""
    names, namespace = needs.settings.images.pull_secrets, needs.namespace
    if not names:
        return
    create = f"kubectl -n {namespace} create secret docker-registry NAME --docker-server=… --docker-username=…"
    if known(facts.cluster.namespace) is None:
        why = f"the namespace {namespace} does not exist yet"
        yield not_seen(_REQUIREMENT, why, f"As soon as `pulumi up` has created it: {create}")
        return
    types = known(facts.cluster.pull_secrets)
    if missing := [name for name in names if types[name] is None]:
        yield not_met(_REQUIREMENT, f"{namespace} has no Secret {listed(missing)}.", f"Create it: {create}")
    if wrong := [f"{name} ({types[name]})" for name in names if types[name] not in {None, *_TYPES}]:
        sentence = f"The kubelet does not read Secrets of this type: {listed(wrong)}."
        yield not_met(_REQUIREMENT, sentence, f"Create it anew with the type {_TYPES[0]}: {create}")
    if not missing and not wrong:
        yield met(_REQUIREMENT, f"{namespace} has {listed(names)}.")
