"""Refuse a stack whose derived numbers exceed its own limits."""

from collections.abc import Iterator

from plan.delivery import smallest_queue_volume_bytes
from plan.plan import Plan, make_plan
from plan.tempo.generators import series_memory_mib
from plan.tenants import tenant_count
from plan.units import GIB
from settings.problems import Problem, SettingsError, shown
from settings.stack import StackSettings

# A MinIO drive that is nearly full refuses writes; leave a fifth free.
_USABLE_SHARE = 0.8


def checked_plan(settings: StackSettings) -> Plan:
    """Return the plan, or raise `SettingsError` with every problem."""
    plan = make_plan(settings)
    problems = [
        *_gateway_memory(settings, plan),
        *_gateway_queues(settings),
        *_store_volume(settings, plan),
        *_ingester_volume(settings, plan),
        *_generator_volume(settings, plan),
        *_monolith_memory(settings),
    ]
    if problems:
        raise SettingsError(problems)
    return plan


def _gateway_memory(settings: StackSettings, plan: Plan) -> Iterator[Problem]:
    gateway = settings.collectors.gateway
    needed = plan.gateway.memory_limit_mib
    if needed > gateway.memory_ceiling_mib:
        yield Problem(
            "collectors.gateway.memory_ceiling_mib",
            f"is too low for {plan.gateway.traces_in_flight} traces in flight in each gateway",
            shown(gateway.memory_ceiling_mib),
            f"at least {needed}",
            "Raise it, add gateways, or shorten sampling.decision_wait_seconds.",
        )


def _gateway_queues(settings: StackSettings) -> Iterator[Problem]:
    size_gib, needed = settings.collectors.gateway.queue_volume_gib, smallest_queue_volume_bytes(settings)
    if size_gib * GIB < needed:
        yield Problem(
            "collectors.gateway.queue_volume_gib",
            f"is too small for {tenant_count(settings)} queues, one for each tenant and tier: a request larger "
            "than its queue is dropped",
            shown(size_gib),
            f"at least {_gib(needed)}",
            "Enlarge it (docs/volumes.md) or list fewer tenants.namespaces.",
        )


def _store_volume(settings: StackSettings, plan: Plan) -> Iterator[Problem]:
    minio = settings.object_store.minio
    if minio and minio.volume_size_gib * GIB * _USABLE_SHARE < plan.storage.stored_bytes:
        yield Problem(
            "object_store.minio.volume_size_gib",
            "is too small for the load and the retention",
            shown(minio.volume_size_gib),
            f"at least {_gib(plan.storage.stored_bytes / _USABLE_SHARE)}",
            "Enlarge it (docs/volumes.md), shorten retention.detailed_hours, or correct "
            "load.average_spans_per_second.",
        )


def _ingester_volume(settings: StackSettings, plan: Plan) -> Iterator[Problem]:
    tempo = settings.tempo
    if tempo.volume_size_gib * GIB < plan.storage.ingester_volume_bytes:
        yield Problem(
            "tempo.volume_size_gib",
            "is too small for the blocks that an ingester holds at the peak",
            shown(tempo.volume_size_gib),
            f"at least {_gib(plan.storage.ingester_volume_bytes)}",
            "Enlarge it (docs/volumes.md), add ingesters, or shorten tempo.max_block_duration_seconds.",
        )


def _generator_volume(settings: StackSettings, plan: Plan) -> Iterator[Problem]:
    tempo = settings.tempo
    if tempo.generator_volume_size_gib * GIB < plan.storage.generator_volume_bytes:
        yield Problem(
            "tempo.generator_volume_size_gib",
            "is too small for the blocks and the log of series that a metrics generator holds at the peak",
            shown(tempo.generator_volume_size_gib),
            f"at least {_gib(plan.storage.generator_volume_bytes)}",
            "Enlarge it (docs/volumes.md), lower grafana.max_active_series_per_tenant, or do without "
            "tempo.traceql_metrics.",
        )


def _monolith_memory(settings: StackSettings) -> Iterator[Problem]:
    """In microservices mode the memory of metrics generators follows from their series."""
    limit_mib = settings.tempo.resources.memory_limit_mib
    needed = series_memory_mib(settings.grafana, settings.tenants)
    if settings.tempo.deployment_mode == "monolithic" and limit_mib < needed:
        yield Problem(
            "tempo.resources.memory_limit_mib",
            "is too low for the series that the tenants may have in the single process",
            shown(limit_mib),
            f"at least {needed}",
            "Raise it, or lower grafana.max_active_series_per_tenant.",
        )


def _gib(size: float) -> int:
    """Return bytes in GiB, rounded up."""
    return int(-(-size // GIB))
