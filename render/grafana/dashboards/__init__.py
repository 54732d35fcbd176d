"""The dashboards of a stack, one a file."""

from plan.plan import Plan
from render.grafana.board import Board
from render.grafana.dashboards.collectors import collectors
from render.grafana.dashboards.cost import cost
from render.grafana.dashboards.dependencies import dependencies
from render.grafana.dashboards.deployments import deployments
from render.grafana.dashboards.dora import dora
from render.grafana.dashboards.errors import errors
from render.grafana.dashboards.latency import latency
from render.grafana.dashboards.logs import logs
from render.grafana.dashboards.masking import masking
from render.grafana.dashboards.sampling import sampling
from render.grafana.dashboards.services import services
from render.grafana.dashboards.slos import slos
from render.grafana.dashboards.tempo_operations import tempo_operations
from render.grafana.slo_series import has_slos
from render.grafana.span_metrics import has_span_metrics
from settings.stack import StackSettings


def boards(settings: StackSettings, plan: Plan) -> tuple[Board, ...]:
    """Return every dashboard of the stack; none that would be empty in it."""
    measured, graphs = has_span_metrics(settings), settings.grafana.prometheus_url is not None
    found = (
        (tempo_operations, True),
        (collectors, True),
        (sampling, True),
        (masking, True),
        (cost, True),
        (services, measured),
        (dependencies, graphs),
        (latency, True),
        (errors, True),
        (logs, measured),
        (slos, has_slos(settings)),
        (deployments, True),
        (dora, True),
    )
    return tuple(board(settings, plan) for board, has_data in found if has_data)
