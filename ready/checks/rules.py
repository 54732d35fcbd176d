"""The cluster knows PrometheusRules, if the stack has any."""

from collections.abc import Iterator

from ready.facts import Facts, known
from ready.finding import Finding, met, not_met
from ready.needs import Needs


def check(needs: Needs, facts: Facts) -> Iterator[Finding]:
    """Yield whether the Prometheus operator's definition is there."""
    if needs.settings.alerts.delivery != "prometheus_operator":
        return
    if "prometheusrules.monitoring.coreos.com" in known(facts.cluster.kinds):
        yield met("PrometheusRules", "The cluster has their definition, monitoring.coreos.com/v1.")
    else:
        fix = "Install the Prometheus operator, or set alerts.delivery to none and load the rendered rule files."
        yield not_met("PrometheusRules", "The cluster has no definition of them (monitoring.coreos.com/v1).", fix)
