"""Metrics generators: span metrics for Prometheus, and in 2.x the blocks behind TraceQL metrics."""

from plan.plan import Plan
from plan.tempo.generators import generators_run
from plan.tempo.majors import tempo_major
from plan.tempo.timing import LATE_SECONDS, TimingPlan
from render.names import TEMPO_DATA_FOLDER
from render.tempo.rings import ring
from render.tenants import multitenancy
from render.text import Config
from render.tls import prometheus_tls
from settings.stack import StackSettings

_FOLDER = f"{TEMPO_DATA_FOLDER}/generator"
_SLACK = f"{LATE_SECONDS}s"


def metrics_generator(settings: StackSettings, plan: Plan) -> Config:
    """Return the section; empty where no generator runs."""
    if not generators_run(settings.tempo, settings.grafana):
        return {}
    section: Config = {
        "ring": ring(settings),
        # All tenants write to one Prometheus: without the tenant as a label, services of the same name in two
        # tenants would share one series that jumps between two counts.
        **({"registry": {"inject_tenant_id_as": "tenant"}} if multitenancy(settings) else {}),
        "metrics_ingestion_time_range_slack": _SLACK,
        "storage": {"path": f"{_FOLDER}/wal", **_remote_write(settings)},
    }
    if settings.tempo.generators_write_blocks:
        section["processor"] = {"local_blocks": _local_blocks(settings, plan.timing)}
    if tempo_major(settings.tempo).local_blocks:
        # By its own slack Tempo narrows the time range of a block, and queries outside it skip the block.
        section["traces_storage"] = {"path": f"{_FOLDER}/traces", "ingestion_time_range_slack": _SLACK}
    return {"metrics_generator": section}


def _remote_write(settings: StackSettings) -> Config:
    url = settings.grafana.prometheus_url
    if not url:
        return {}
    target: Config = {"url": f"{url.rstrip('/')}/api/v1/write", "send_exemplars": True}
    return {"remote_write": [target | prometheus_tls(settings)]}


def _local_blocks(settings: StackSettings, timing: TimingPlan) -> Config:
    return {
        # Without these two, queries would see only the spans of servers, and nothing older than a generator keeps.
        "filter_server_spans": False,
        "flush_to_storage": True,
        "trace_idle_period": f"{settings.tempo.trace_idle_seconds}s",
        # Spans become countable when this check finds their trace idle, so check as often.
        "flush_check_period": f"{settings.tempo.trace_idle_seconds}s",
        "max_block_duration": f"{timing.metrics_flush_seconds}s",
        # Queriers query the generator for as long as they may not know the block in the bucket.
        "complete_block_timeout": f"{timing.metrics_kept_seconds}s",
    }
