"""The cluster knows ServiceMonitors, if the stack has any."""

from collections.abc import Iterator

from ready.facts import Facts, known
from ready.finding import Finding, met, not_met
from ready.needs import Needs


def check(needs: Needs, facts: Facts) -> Iterator[Finding]:
    """Yield whether the Prometheus operator's definition is there."""
    if not needs.settings.grafana.service_monitors:
        return
    if "servicemonitors.monitoring.coreos.com" in known(facts.cluster.kinds):
        yield met("ServiceMonitors", "The cluster has their definition, monitoring.coreos.com/v1.")
    else:
        fix = "Install the Prometheus operator, or turn grafana.service_monitors off."
        yield not_met("ServiceMonitors", "The cluster has no definition of them (monitoring.coreos.com/v1).", fix)
