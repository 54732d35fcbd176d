"""Limits of all tenants, and those of the tenants of the long-term tier."""

from plan.plan import Plan
from render.names import TEMPO_CONFIG_FOLDER, TEMPO_OVERRIDES_FILE
from render.tempo.processors import generator_limits
from render.tenants import long_term_tenants
from render.text import Config
from settings.stack import StackSettings

# The kubelet updates a mounted ConfigMap about once a minute, so reloading more often has no effect.
_RELOAD_PERIOD = "1m"
# Tempo's default. A tenant's own block must repeat it, otherwise answers grow without limit.
_TAG_VALUES_BYTES = 1_000_000
# From this major on Tempo tells a refused sender when to retry, and a tenant's own block can turn that off.
_FIRST_MAJOR_WITH_RETRY_INFO = 3


def overrides(settings: StackSettings, plan: Plan) -> Config:
    """Return the section: the limits of every tenant, and the path of the file with limits of single tenants."""
    defaults = _limits(settings, plan) | generator_limits(settings)
    section: Config = {"defaults": defaults}
    if long_term_tenants(settings):
        section["per_tenant_override_config"] = f"{TEMPO_CONFIG_FOLDER}/{TEMPO_OVERRIDES_FILE}"
        section["per_tenant_override_period"] = _RELOAD_PERIOD
    return section


def tenant_overrides(settings: StackSettings, plan: Plan) -> Config:
    """Return the file of tenants with limits of their own, which Tempo reloads without a restart; empty for none.

    A tenant's block replaces the defaults, it is not merged with them, so each block repeats every limit. It lists
    no processors: spans of the long-term tier are copies, and metrics would count them twice.
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
