"""The memory limiter acts before the kernel does."""

from collections.abc import Iterator

from pydantic import Field

from policies.collectors import Collector, collectors
from policies.memory import limiters, memory_limit
from policies.resources import Stack
from policies.rule import Bounds, Severity, StackRule, Violation


class Distance(Bounds):
    """How near to its container's limit a collector may come."""

    max_percentage: float = Field(
        85,
        gt=0,
        lt=100,
        description="Percentage of the container's memory at which the limiter has to act at last.",
    )


def check(stack: Stack, bounds: Distance) -> Iterator[Violation]:
    """Yield each limiter at or above its container's limit, and containers without one."""
    for collector in collectors(stack):
        container_bytes = memory_limit(collector.container)
        if container_bytes is None:
            yield Violation(
                collector.workload, "Its container has no memory limit that its limiter could stay below."
            )
        else:
            yield from _too_high(collector, container_bytes, bounds.max_percentage)


def _too_high(collector: Collector, container_bytes: float, max_percentage: float) -> Iterator[Violation]:
    for limiter in limiters(collector.document, container_bytes):
        percentage = limiter.hard / container_bytes * 100
        if percentage > max_percentage:
            yield Violation(
                collector.config_map,
                f"{limiter.name} in {collector.file.name} acts at {percentage:.0f} % of the container's memory; "
                f"at most {max_percentage:g} % are allowed.",
            )


RULE = StackRule(
    name="collectors-limit-memory-below-the-container",
    promise="A collector refuses spans while it still has memory, instead of being killed with all that it holds.",
    severity=Severity.HIGH,
    to_do="Lower limit_mib or limit_percentage of memory_limiter, or raise the container's limit.",
    bounds=Distance,
    check=check,
)
