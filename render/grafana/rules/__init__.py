"""The recording rules and alerts of a stack, one group a file."""

from plan.plan import Plan
from render.grafana.rules.certificates import certificates
from render.grafana.rules.collectors import collectors
from render.grafana.rules.generators import generators
from render.grafana.rules.kubernetes import kubernetes
from render.grafana.rules.masking import masking
from render.grafana.rules.queues import queues
from render.grafana.rules.restarts import restarts
from render.grafana.rules.retention import retention
from render.grafana.rules.rule import Group
from render.grafana.rules.sampling import sampling
from render.grafana.rules.slos import slos
from render.grafana.rules.span_metrics import span_metrics
from render.grafana.rules.store import store
from render.grafana.rules.synthetic import synthetic
from render.grafana.rules.targets import targets
from render.grafana.rules.tempo import tempo
from render.grafana.rules.tempo_v2 import tempo_v2
from render.grafana.rules.tempo_v3 import tempo_v3
from settings.stack import StackSettings


def groups(settings: StackSettings, plan: Plan) -> tuple[Group, ...]:
    """Return every group of the stack; none where nobody evaluates them."""
    if settings.alerts.delivery == "none":
        return ()
    return (
        targets(settings, plan),
        restarts(settings, plan),
        collectors(settings, plan),
        queues(settings, plan),
        sampling(settings, plan),
        masking(settings, plan),
        *tempo(settings, plan),
        *tempo_v2(settings, plan),
        *tempo_v3(settings, plan),
        *generators(settings, plan),
        store(settings, plan),
        retention(settings, plan),
        *certificates(settings, plan),
        *span_metrics(settings, plan),
        *slos(settings, plan),
        *synthetic(settings, plan),
        kubernetes(settings, plan),
    )
