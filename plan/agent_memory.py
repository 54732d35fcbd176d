"""The memory that an agent needs: for requests under way and for the label sets of span metrics."""

import math
from collections.abc import Iterator

from plan.memory_limiter import GARBAGE_FACTOR, REFUSING_PERCENTAGE
from plan.span_metrics import agent_span_metrics_mib
from settings.problems import Problem, shown
from settings.stack import StackSettings

# Heap of an agent without spans; measured: 8 MiB and the Pods of its node, some 10 kB each.
_IDLE_MIB = 10
# Requests being received, queued and sent at the same time, as bytes on the wire: a second of 30 000 spans of 1 kB
# each.
_REQUESTS_MIB = 32
# Heap of a decoded span / its bytes on the wire, measured for spans of a dozen attributes: 1 560 / 594.
_HEAP_OF_WIRE = 2.6


def agent_memory_mib(settings: StackSettings) -> int:
    """Return (idle + requests × 2.6 + label sets of span metrics) × 4/3 for garbage / 60 %, in MiB."""
    held = _IDLE_MIB + _REQUESTS_MIB * _HEAP_OF_WIRE + agent_span_metrics_mib(settings)
    return math.ceil(held * GARBAGE_FACTOR * 100 / REFUSING_PERCENTAGE)


def agent_memory_problems(settings: StackSettings) -> Iterator[Problem]:
    """Yield a problem if an agent's limit is too low: its limiter would refuse the spans of a burst."""
    limit, needed = settings.collectors.agent.resources.memory_limit_mib, agent_memory_mib(settings)
    if limit < needed:
        yield Problem(
            "collectors.agent.resources.memory_limit_mib",
            "is too low for the requests of a burst and the label sets of span metrics",
            shown(limit),
            f"at least {needed}",
            "Raise it, or lower span_metrics.max_label_sets_per_agent.",
        )
