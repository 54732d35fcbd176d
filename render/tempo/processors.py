"""What metrics generators do for a tenant of the detailed tier, and how many series they may keep for it."""

from plan.tempo.generators import generators_run
from render.text import Config
from settings.stack import StackSettings


def generator_limits(settings: StackSettings) -> Config:
    """Return the section of limits that turns the processors on; empty where no generator runs.

    Tenants of the long-term tier get none: their spans are copies, and would be counted twice.
    """
    if not generators_run(settings.tempo, settings.grafana):
        return {}
    limits: Config = {"processors": _processors(settings)}
    if settings.grafana.prometheus_url:
        limits["max_active_series"] = settings.grafana.max_active_series_per_tenant
    return {"metrics_generator": limits}


def _processors(settings: StackSettings) -> list[str]:
    for_prometheus = ["service-graphs"] if settings.grafana.prometheus_url else []
    if settings.span_metrics.source == "tempo":
        for_prometheus.append("span-metrics")
    for_queries = ["local-blocks"] if settings.tempo.generators_write_blocks else []
    return for_prometheus + for_queries
