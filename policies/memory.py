"""The memory of a collector: its container's limit, and where its limiter begins to refuse."""

from dataclasses import dataclass

from policies.collector_config import kind_of, pipelines
from policies.property import Property
from policies.units import quantity

_MIB = 1024 * 1024


@dataclass(frozen=True)
class Limiter:
    """Bytes at which a memory limiter collects garbage at once, and those at which it begins to refuse."""

    name: str
    hard: float
    soft: float


def memory_limit(container: Property) -> float | None:
    """Return the bytes that a container may use, None if it has no limit."""
    limit = container["resources"]["limits"]["memory"]
    return None if limit.is_missing else quantity(limit)


def limiters(document: Property, container_bytes: float) -> list[Limiter]:
    """Return the limiters that the pipelines of traces use; their defaults are those of the processor."""
    names = {
        name: None
        for pipeline in pipelines(document)
        if pipeline.signal == "traces"
        for name in pipeline.processors
        if kind_of(name) == "memorylimiter"
    }
    return [_limiter(name, document["processors"][name], container_bytes) for name in names]


def _limiter(name: str, settings: Property, container_bytes: float) -> Limiter:
    # A size in MiB wins over a percentage; a fifth below it is the processor's default for spikes.
    if mib := settings["limit_mib"].number(0):
        hard = mib * _MIB
        spike = settings["spike_limit_mib"].number(0) * _MIB or hard / 5
    else:
        hard = settings["limit_percentage"].number(0) / 100 * container_bytes
        spike = settings["spike_limit_percentage"].number(0) / 100 * container_bytes or hard / 5
    return Limiter(name, hard, hard - spike)
