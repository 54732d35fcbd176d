"""PromQL selectors of the stack's own targets, by the label `job` that its ServiceMonitors give them."""

from plan.tempo.majors import (
    BACKEND_SCHEDULER,
    BACKEND_WORKER,
    BLOCK_BUILDER,
    COMPACTOR,
    DISTRIBUTOR,
    INGESTER,
    LIVE_STORE,
    METRICS_GENERATOR,
    QUERIER,
    QUERY_FRONTEND,
    ingesters_write,
)
from render.names import AGENT, GATEWAY, SYNTHETIC_CHECK, TEMPO
from settings.stack import StackSettings

_BACKEND = (BACKEND_SCHEDULER, BACKEND_WORKER)


def agents(settings: StackSettings) -> str:
    """Return the matcher of the agents' own metrics, as in `job="fawkes-observability/otel-agent"`."""
    return _job(settings, AGENT)


def gateways(settings: StackSettings) -> str:
    """Return the matcher of the gateways' own metrics."""
    return _job(settings, GATEWAY)


def check(settings: StackSettings) -> str:
    """Return the matcher of the synthetic check's metrics."""
    return _job(settings, SYNTHETIC_CHECK)


def tempo(settings: StackSettings, *components: str) -> str:
    """Return the matcher of these components of Tempo (`distributor`), or of all; a monolith is all of them."""
    if settings.tempo.deployment_mode == "monolithic":
        return _job(settings, TEMPO)
    chosen = components or tempo_components(settings)
    if len(chosen) == 1:
        return _job(settings, chosen[0])
    return f'job=~"{settings.environment.namespace}/({"|".join(chosen)})"'


def tempo_components(settings: StackSettings) -> tuple[str, ...]:
    """Return the names of the components that the stack's Tempo runs as processes of their own."""
    written_by_ingesters = ingesters_write(settings.tempo)
    of_major = (INGESTER, COMPACTOR) if written_by_ingesters else (LIVE_STORE, BLOCK_BUILDER, *_BACKEND)
    return (DISTRIBUTOR, *of_major, METRICS_GENERATOR, QUERY_FRONTEND, QUERIER)


def _job(settings: StackSettings, name: str) -> str:
    return f'job="{settings.environment.namespace}/{name}"'
