"""Span metrics that agents make: the series that Prometheus gets, and the memory that they cost an agent."""

from collections.abc import Iterator

from plan.units import MIB
from settings.problems import Problem, shown
from settings.stack import StackSettings

# Upper bounds of the buckets in seconds, those of Tempo's metrics generator: 2 ms doubled thirteen times.
BUCKETS_SECONDS = tuple(0.002 * 2**power for power in range(14))
# One counter of calls; of durations a sum, a count, each bucket and the one without an upper bound.
SERIES_PER_LABEL_SET = 1 + 2 + len(BUCKETS_SECONDS) + 1
# Spans beyond the limit are counted in one more label set, that of the overflow.
_OVERFLOW = 1
# Memory of a label set in the connector, in the exporter's copy and while it is scraped. Measured with collector
# 0.159.0 and names of 35 characters: an agent's resident memory grew by 69 MiB with 4 000 label sets, 18 kB each.
BYTES_PER_LABEL_SET = 20_000
# Share of an agent's memory limit that they may take; its queue's requests and the Pods of its node need the rest.
_SHARE_OF_MEMORY = 0.25


def agent_span_metrics_mib(settings: StackSettings) -> float:
    """Return the MiB of an agent's memory that its label sets take at most; 0 where agents make no metrics."""
    if settings.span_metrics.source != "agents":
        return 0.0
    return _label_sets(settings) * BYTES_PER_LABEL_SET / MIB


def span_metrics_series(settings: StackSettings) -> int:
    """Return the series of all agents together at most: nodes × label sets × series of each."""
    if settings.span_metrics.source != "agents":
        return 0
    return settings.load.nodes * _label_sets(settings) * SERIES_PER_LABEL_SET


def span_metrics_problems(settings: StackSettings) -> Iterator[Problem]:
    """Yield a problem if the agents could make more series than allowed, or need more memory for them."""
    yield from _series(settings)
    yield from _memory(settings)


def _label_sets(settings: StackSettings) -> int:
    return settings.span_metrics.max_label_sets_per_agent + _OVERFLOW


def _series(settings: StackSettings) -> Iterator[Problem]:
    allowed, needed = settings.span_metrics.max_series, span_metrics_series(settings)
    if needed > allowed:
        yield Problem(
            "span_metrics.max_series",
            f"is less than {settings.load.nodes} agents may make, with {SERIES_PER_LABEL_SET} series a label set",
            shown(allowed),
            f"at least {needed}",
            "Lower span_metrics.max_label_sets_per_agent, or raise it if Prometheus has the memory.",
        )


def _memory(settings: StackSettings) -> Iterator[Problem]:
    limit = settings.collectors.agent.resources.memory_limit_mib
    allowed = int(limit * _SHARE_OF_MEMORY * MIB / BYTES_PER_LABEL_SET) - _OVERFLOW
    if agent_span_metrics_mib(settings) > limit * _SHARE_OF_MEMORY:
        yield Problem(
            "span_metrics.max_label_sets_per_agent",
            f"takes more than a quarter of collectors.agent.resources.memory_limit_mib, which is {limit}",
            shown(settings.span_metrics.max_label_sets_per_agent),
            f"at most {allowed}",
            "Lower it, or raise the memory limit of the agents.",
        )
