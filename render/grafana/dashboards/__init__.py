"""The dashboards of a stack, one a file."""

from plan.plan import Plan
from render.grafana.board import Board
from render.grafana.dashboards.collectors import collectors
from render.grafana.dashboards.deployments import deployments
from render.grafana.dashboards.dora import dora
from render.grafana.dashboards.slos import slos
from render.grafana.slo_series import has_slos
from settings.stack import StackSettings


def boards(settings: StackSettings, plan: Plan) -> tuple[Board, ...]:
    """Return every dashboard of the stack."""
    objectives = (slos(settings, plan),) if has_slos(settings) else ()
    return (
        collectors(settings, plan),
        *objectives,
        deployments(settings, plan),
        dora(settings, plan),
    )
