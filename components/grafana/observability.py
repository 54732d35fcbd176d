"""What a stack gives to Grafana and Prometheus, as the settings deliver it."""

from components.grafana.dashboards import Dashboards, DashboardsArgs
from components.grafana.datasources import Datasources, DatasourcesArgs
from components.grafana.managed_alerts import ManagedAlerts, ManagedAlertsArgs
from components.grafana.operator_dashboards import OperatorDashboards, OperatorDashboardsArgs
from components.grafana.operator_datasources import OperatorDatasources, OperatorDatasourcesArgs
from components.grafana.prometheus_rules import PrometheusRules, PrometheusRulesArgs
from components.stack import Stack
from render.grafana.datasources import DATASOURCES_FILE


def observability(name: str, stack: Stack) -> None:
    """Create the objects of dashboards, datasources and rules."""
    provisioning = stack.settings.grafana.provisioning
    if provisioning == "sidecar":
        _for_the_sidecar(name, stack)
    elif provisioning == "operator":
        _for_the_operator(name, stack)
    if stack.settings.alerts.delivery == "prometheus_operator":
        rules = PrometheusRulesArgs(context=stack.context, files=stack.rendered.rules)
        PrometheusRules(f"{name}-rules", rules, stack.options())
    elif stack.settings.alerts.delivery == "grafana":
        alerts = ManagedAlertsArgs(context=stack.context, file=stack.rendered.managed_alerts)
        ManagedAlerts(f"{name}-alerts", alerts, stack.options())


def _for_the_sidecar(name: str, stack: Stack) -> None:
    boards = DashboardsArgs(context=stack.context, files=stack.rendered.dashboards)
    Dashboards(f"{name}-dashboards", boards, stack.options())
    if stack.rendered.datasources:
        file = stack.rendered.files()[DATASOURCES_FILE]
        Datasources(f"{name}-datasources", DatasourcesArgs(context=stack.context, file=file), stack.options())


def _for_the_operator(name: str, stack: Stack) -> None:
    boards = OperatorDashboardsArgs(context=stack.context, files=stack.rendered.dashboards)
    OperatorDashboards(f"{name}-dashboards", boards, stack.options())
    if stack.rendered.datasources:
        sources = OperatorDatasourcesArgs(context=stack.context, datasources=stack.rendered.datasources)
        OperatorDatasources(f"{name}-datasources", sources, stack.options())
