"""The dashboards of a stack, one a file."""

from plan.plan import Plan
from render.grafana.board import Board
from render.grafana.dashboards.collectors import collectors
from settings.stack import StackSettings


def boards(settings: StackSettings, plan: Plan) -> tuple[Board, ...]:
    """Return every dashboard of the stack."""
    return (collectors(settings, plan),)
