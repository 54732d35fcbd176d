"""The recording rules and alerts of a stack, one group a file."""

from plan.plan import Plan
from render.grafana.rules.queues import queues
from render.grafana.rules.rule import Group
from render.grafana.rules.slos import slos
from settings.stack import StackSettings


def groups(settings: StackSettings, plan: Plan) -> tuple[Group, ...]:
    """Return every group of the stack; none where nobody evaluates them."""
    if settings.alerts.delivery == "none":
        return ()
    return (queues(settings, plan), *slos(settings, plan))
