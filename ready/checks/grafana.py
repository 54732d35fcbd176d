"""Grafana collects the dashboards and datasources in the way that the settings deliver them."""

from collections.abc import Iterator

from ready.facts import Facts, Sidecar, known
from ready.finding import Finding, listed, met, not_met, not_seen
from ready.needs import Needs

_GROUP = "grafana.integreatly.org"
_KINDS = ("grafanadashboards", "grafanadatasources", "grafanafolders")


def check(needs: Needs, facts: Facts) -> Iterator[Finding]:
    """Yield whether the operator's definitions are there, or whether sidecars look into the stack's namespace."""
    provisioning = needs.settings.grafana.provisioning
    if provisioning == "operator":
        yield _operator(known(facts.cluster.kinds))
    elif provisioning == "sidecar":
        sidecars = known(facts.cluster.sidecars)
        yield _sidecar("Grafana's dashboards", "dashboard", "configmap", sidecars, needs)
        if needs.settings.grafana.datasources:
            yield _sidecar("Grafana's datasources", "datasource", "secret", sidecars, needs)


def _operator(kinds: frozenset[str]) -> Finding:
    missing = [kind for kind in _KINDS if f"{kind}.{_GROUP}" not in kinds]
    if not missing:
        return met("Grafana operator", f"The cluster has the definitions of its kinds, {_GROUP}/v1beta1.")
    fix = "Install the Grafana operator, or choose another grafana.provisioning."
    return not_met("Grafana operator", f"The cluster has no definition of {listed(missing)} ({_GROUP}).", fix)


def _sidecar(requirement: str, what: str, kind: str, sidecars: tuple[Sidecar, ...], needs: Needs) -> Finding:
    label, namespace = f"grafana_{what}", needs.namespace
    grafana = needs.settings.grafana.namespace
    if any(one.collects(label, namespace, kind) for one in sidecars):
        return met(requirement, f"A sidecar in {grafana} collects every {kind} of {namespace} with {label}.")
    if not sidecars:
        return not_seen(requirement, f"no workload in {grafana} has a sidecar", "Look where Grafana runs.")
    sentence = (
        f"No sidecar in {grafana} collects every {kind} of the namespace {namespace} with the label {label}."
    )
    fix = (
        f'Set sidecar.{what}s.enabled, .label {label}, .labelValue "1", .resource both and .searchNamespace ALL '
        "in the values of Grafana's chart."
    )
    return not_met(requirement, sentence, fix)
