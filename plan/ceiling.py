"""At which rates of kept spans a gateway gives up traces, and whose first."""

from dataclasses import dataclass

from plan.traffic import Traffic
from settings.load import Load
from settings.sampling import Sampling
from settings.tempo import Tempo

# Shares of the ceiling above which ordinary, slow, named and failed traces are given up. Each level measures all
# kept traces that the levels before it left, so a flood of failed traces takes the place of ordinary ones: with
# failed traces at three times the ceiling, a third of them is kept and a hundredth of the ordinary ones.
ORDINARY_LEVEL, SLOW_LEVEL, NAMED_LEVEL, FAILED_LEVEL = 0.80, 0.90, 0.95, 1.0
# A small environment must not lose traces in its first burst, and a thousand spans a second cost a gateway little.
_MIN_CEILING = 1_000
# Bytes of a small span with few attributes: a trace of such spans must pass at once if Tempo takes it.
_SMALL_SPAN_BYTES = 300


@dataclass(frozen=True)
class CeilingPlan:
    """Kept spans a second above which one gateway gives up traces, by what they are.

    `largest_trace_spans` is more than a trace has that Tempo stores: so many must pass a limit at once.
    """

    ordinary: int
    slow: int
    named: int
    failed: int
    largest_trace_spans: int


def ceiling_plan(load: Load, sampling: Sampling, tempo: Tempo, traffic: Traffic, gateways: float) -> CeilingPlan:
    """Return the levels of one gateway."""
    ceiling = sampling.ceiling_spans_per_second or _default(load, traffic, gateways)
    return CeilingPlan(
        ordinary=_level(ceiling, ORDINARY_LEVEL),
        slow=_level(ceiling, SLOW_LEVEL),
        named=_level(ceiling, NAMED_LEVEL),
        failed=_level(ceiling, FAILED_LEVEL),
        largest_trace_spans=tempo.max_trace_bytes // _SMALL_SPAN_BYTES,
    )


def _default(load: Load, traffic: Traffic, gateways: float) -> float:
    """Return what is kept of the peak with headroom in an incident, at least what is usual ÷ the first level."""
    each = load.peak_spans_per_second * load.headroom / gateways
    return max(_MIN_CEILING, each * max(traffic.kept_share_in_incident, traffic.kept_share / ORDINARY_LEVEL))


def _level(ceiling: float, share: float) -> int:
    return max(1, round(ceiling * share))
