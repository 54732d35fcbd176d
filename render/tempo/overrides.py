"""What Tempo accepts of each tenant, and what is different for those of the long-term tier."""

from plan.plan import Plan
from render.names import TEMPO_CONFIG_FOLDER, TEMPO_OVERRIDES_FILE
from render.tenants import long_term_tenants
from render.text import Config
from settings.stack import StackSettings

# The kubelet brings a changed ConfigMap about once a minute; looking more often finds nothing sooner.
_RELOAD_PERIOD = "1m"
# Tempo's default. It has to be said again where a tenant has a block of its own, or answers grow without limit.
_TAG_VALUES_BYTES = 1_000_000
# From this major on a refused sender is told when to come again, and a tenant's own block can turn that off.
_FIRST_MAJOR_WITH_RETRY_INFO = 3


def overrides(settings: StackSettings, plan: Plan) -> Config:
    """Return the section: the limits of every tenant, and where those with limits of their own are."""
    defaults = _limits(settings, plan)
    if settings.grafana.prometheus_url:
        defaults["metrics_generator"] = {"processors": ["service-graphs", "span-metrics"]}
    section: Config = {"defaults": defaults}
    if long_term_tenants(settings):
        section["per_tenant_override_config"] = f"{TEMPO_CONFIG_FOLDER}/{TEMPO_OVERRIDES_FILE}"
        section["per_tenant_override_period"] = _RELOAD_PERIOD
    return section


def tenant_overrides(settings: StackSettings, plan: Plan) -> Config:
    """Return the file of tenants with limits of their own, which Tempo reads again by itself; empty for none.

    Tempo takes a tenant's block instead of the defaults, not on top of them, so each repeats every limit. It
    names no processors: the long-term tier's spans are copies, and metrics would count them twice.
    """
    tenants = long_term_tenants(settings)
    if not tenants:
        return {}
    block = _limits(settings, plan) | {
        "read": {"max_bytes_per_tag_values_query": _TAG_VALUES_BYTES},
        "compaction": {"block_retention": f"{settings.retention.long_term_hours}h"},
    }
    return {"overrides": dict.fromkeys(tenants, block)}


def _limits(settings: StackSettings, plan: Plan) -> Config:
    ingestion: Config = {
        "rate_strategy": "global" if settings.tempo.deployment_mode == "microservices" else "local",
        "rate_limit_bytes": plan.ingestion.rate_limit_bytes,
        "burst_size_bytes": plan.ingestion.burst_size_bytes,
        "max_traces_per_user": plan.ingestion.max_live_traces,
    }
    if settings.tempo.major >= _FIRST_MAJOR_WITH_RETRY_INFO:
        ingestion["retry_info_enabled"] = True
    return {"ingestion": ingestion, "global": {"max_bytes_per_trace": settings.tempo.max_trace_bytes}}
