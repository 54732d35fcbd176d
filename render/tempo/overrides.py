"""Limits of the tenants: a file that Tempo reloads, so that another limit or tenant restarts nothing."""

from plan.plan import Plan
from render.names import TEMPO_OVERRIDES_FILE, TEMPO_OVERRIDES_FOLDER
from render.tempo.processors import generator_limits
from render.tenants import long_term_tenants, tenants
from render.text import Config
from settings.stack import StackSettings
from settings.tempo import Tempo

# Tempo's default. The kubelet takes up to a minute or two to update the mounted file; this adds little to it.
_RELOAD_PERIOD = "10s"
# Tempo's name for every tenant without a block of its own, and for the only one of a Tempo without tenants.
ALL_TENANTS = "*"
# Tempo's default. A block must repeat it, otherwise answers grow without limit.
_TAG_VALUES_BYTES = 1_000_000
# From this version on (grafana/tempo#5741) a block without the key withholds the retry delay from refused senders.
_FIRST_WITH_RETRY_INFO = (2, 10)


def overrides(settings: StackSettings) -> Config:
    """Return the section of Tempo's configuration: where the limits are, and the one that a file cannot hold.

    Tempo does not start without the file, and keeps the limits that it has read when the file disappears or
    becomes invalid. The defaults therefore apply only if a valid file lacks `ALL_TENANTS`; they delete nothing
    (see `render.tempo.retention`).
    """
    strategy = "global" if settings.tempo.deployment_mode == "microservices" else "local"
    return {
        # Tempo reads the strategy from the defaults only.
        "defaults": {"ingestion": {"rate_strategy": strategy}},
        "per_tenant_override_config": f"{TEMPO_OVERRIDES_FOLDER}/{TEMPO_OVERRIDES_FILE}",
        "per_tenant_override_period": _RELOAD_PERIOD,
    }


def tenant_overrides(settings: StackSettings, plan: Plan) -> Config:
    """Return the file: one block for all tenants, or with a long-term tier one for each tenant of both tiers.

    A tenant's block replaces that of all tenants and the defaults, it is not merged with them, so each block
    repeats every limit. With two tiers the block of all tenants remains for those that are no longer in the
    settings. It keeps their traces for as long as the longer tier, because a name does not tell its tier. It turns
    no processor on: no gateway sends spans to such a tenant, and those of a long-term one would be copies.
    """
    retention = settings.retention
    detailed = _block(settings, plan, retention.detailed_hours) | generator_limits(settings)
    if retention.long_term_hours is None:
        return {"overrides": {ALL_TENANTS: detailed}}
    long_term = _block(settings, plan, retention.long_term_hours)
    return {
        "overrides": {
            ALL_TENANTS: _block(settings, plan, retention.longest_hours),
            **dict.fromkeys(tenants(settings), detailed),
            **dict.fromkeys(long_term_tenants(settings), long_term),
        }
    }


def _block(settings: StackSettings, plan: Plan, retention_hours: int) -> Config:
    return {
        "ingestion": {
            "rate_limit_bytes": plan.ingestion.rate_limit_bytes,
            "burst_size_bytes": plan.ingestion.burst_size_bytes,
            "max_traces_per_user": plan.ingestion.max_live_traces,
            **_retry_info(settings.tempo),
        },
        "global": {"max_bytes_per_trace": settings.tempo.max_trace_bytes},
        "read": {"max_bytes_per_tag_values_query": _TAG_VALUES_BYTES},
        "compaction": {"block_retention": f"{retention_hours}h"},
    }


def _retry_info(tempo: Tempo) -> Config:
    return {"retry_info_enabled": True} if (tempo.major, tempo.minor) >= _FIRST_WITH_RETRY_INFO else {}
