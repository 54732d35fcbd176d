"""What repetitions say together: medians of the differences between a plain service and a traced one."""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from bench.overhead.language import PLAIN, TRACED
from bench.overhead.measure import Repetition, Used


@dataclass(frozen=True)
class Figures:
    """One operation: CPU in µs, latencies in ms; `percent` are median, lowest and highest of what is added."""

    plain_cpu: float
    added_cpu: float
    percent: tuple[float, float, float]
    plain_median: float
    added_median: float
    plain_p95: float
    added_p95: float


@dataclass(frozen=True)
class Memory:
    """Resident memory after the load, in bytes."""

    plain: float
    added: float


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that a share of all does not exceed; ValueError without values."""
    if not values:
        raise ValueError("no values")
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def figures(repetitions: Sequence[Repetition], path: str) -> Figures:
    """Return the medians of one operation; what is added is compared within each repetition."""
    pairs = [(each.used[path][PLAIN], each.used[path][TRACED]) for each in repetitions]
    percents = [100 * (_cpu(traced) / _cpu(plain) - 1) for plain, traced in pairs]
    return Figures(
        plain_cpu=statistics.median(_cpu(plain) for plain, _ in pairs),
        added_cpu=statistics.median(_cpu(traced) - _cpu(plain) for plain, traced in pairs),
        percent=(statistics.median(percents), min(percents), max(percents)),
        plain_median=statistics.median(_median(plain) for plain, _ in pairs),
        added_median=statistics.median(_median(traced) - _median(plain) for plain, traced in pairs),
        plain_p95=statistics.median(_p95(plain) for plain, _ in pairs),
        added_p95=statistics.median(_p95(traced) - _p95(plain) for plain, traced in pairs),
    )


def memory(repetitions: Sequence[Repetition]) -> Memory:
    """Return the medians of the resident memory."""
    return Memory(
        plain=statistics.median(each.resident[PLAIN] for each in repetitions),
        added=statistics.median(each.resident[TRACED] - each.resident[PLAIN] for each in repetitions),
    )


def _cpu(used: Used) -> float:
    return used.cpu / used.operations * 1e6


def _median(used: Used) -> float:
    return statistics.median(used.latencies)


def _p95(used: Used) -> float:
    return percentile(used.latencies, 0.95)
