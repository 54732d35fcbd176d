"""What a stack gives to Grafana and Prometheus, as the settings deliver it."""

from components.grafana.dashboards import Dashboards, DashboardsArgs
from components.grafana.prometheus_rules import PrometheusRules, PrometheusRulesArgs
from components.stack import Stack


def observability(name: str, stack: Stack) -> None:
    """Create the objects of dashboards and rules."""
    settings, rendered = stack.settings, stack.rendered
    if settings.grafana.provisioning == "sidecar":
        boards = DashboardsArgs(context=stack.context, files=rendered.dashboards)
        Dashboards(f"{name}-dashboards", boards, stack.options())
    if settings.alerts.delivery == "prometheus_operator":
        rules = PrometheusRulesArgs(context=stack.context, files=rendered.rules)
        PrometheusRules(f"{name}-rules", rules, stack.options())
