"""Refuse a stack whose derived numbers exceed its own limits."""

import math
from collections.abc import Iterator

from plan.agent_memory import agent_memory_problems
from plan.ceiling import ORDINARY_LEVEL
from plan.cpu_limits import cpu_problems
from plan.delivery import smallest_queue_volume_bytes
from plan.plan import Plan, make_plan
from plan.span_metrics import span_metrics_problems
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
        *_ceiling(settings, plan),
        *_gateway_queues(settings),
        *cpu_problems(settings, plan.cpu),
        *agent_memory_problems(settings),
        *_store_volume(settings, plan),
        *_ingester_volume(settings, plan),
        *_generator_volume(settings, plan),
        *_monolith_memory(settings),
        *span_metrics_problems(settings),
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


def _ceiling(settings: StackSettings, plan: Plan) -> Iterator[Problem]:
    load, gateways = settings.load, settings.collectors.gateway.replicas
    kept = load.peak_spans_per_second * plan.traffic.kept_share / gateways
    needed = math.ceil(kept / ORDINARY_LEVEL)
    if (ceiling := settings.sampling.ceiling_spans_per_second) and ceiling < needed:
        yield Problem(
            "sampling.ceiling_spans_per_second",
            f"is so low that ordinary traces, of which each gateway keeps {math.ceil(kept)} spans/s at "
            "load.peak_spans_per_second, are given up on a usual day",
            shown(ceiling),
            f"at least {needed}",
            "Raise it, add gateways, or lower sampling.baseline_percentage.",
        )


def _gateway_queues(settings: StackSettings) -> Iterator[Problem]:
    yield from _volume(
        "collectors.gateway.queue_volume_gib",
        settings.collectors.gateway.queue_volume_gib,
        smallest_queue_volume_bytes(settings),
        f"is too small for {tenant_count(settings)} queues, one for each tenant and tier: a request larger than "
        "its queue is dropped",
        "Enlarge it (docs/volumes.md) or list fewer tenants.namespaces.",
    )


def _store_volume(settings: StackSettings, plan: Plan) -> Iterator[Problem]:
    if minio := settings.object_store.minio:
        yield from _volume(
            "object_store.minio.volume_size_gib",
            minio.volume_size_gib,
            plan.storage.stored_bytes / _USABLE_SHARE,
            "is too small for the load and the retention",
            "Enlarge it (docs/volumes.md), shorten retention.detailed_hours, or correct "
            "load.average_spans_per_second.",
        )


def _ingester_volume(settings: StackSettings, plan: Plan) -> Iterator[Problem]:
    yield from _volume(
        "tempo.volume_size_gib",
        settings.tempo.volume_size_gib,
        plan.storage.ingester_volume_bytes,
        "is too small for the blocks that an ingester holds at the peak",
        "Enlarge it (docs/volumes.md), add ingesters, or shorten tempo.max_block_duration_seconds.",
    )


def _generator_volume(settings: StackSettings, plan: Plan) -> Iterator[Problem]:
    yield from _volume(
        "tempo.generator_volume_size_gib",
        settings.tempo.generator_volume_size_gib,
        plan.storage.generator_volume_bytes,
        "is too small for the blocks and the log of series that a metrics generator holds at the peak",
        "Enlarge it (docs/volumes.md), lower grafana.max_active_series_per_tenant, or do without "
        "tempo.traceql_metrics.",
    )


def _volume(path: str, size_gib: int, needed_bytes: float, what: str, fix: str) -> Iterator[Problem]:
    """Yield a problem with the smallest size in GiB if a volume has less than it needs."""
    if size_gib * GIB < needed_bytes:
        yield Problem(path, what, shown(size_gib), f"at least {_gib(needed_bytes)}", fix)


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
