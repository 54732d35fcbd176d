"""What tracing adds: medians of differences, what a process takes, and the load that both services get."""

import itertools
import os
import time
from pathlib import Path

import pytest

from bench.overhead import others
from bench.overhead.figures import figures, memory, percentile
from bench.overhead.language import ORDER, PLAIN, TRACED
from bench.overhead.load import at_once, due_times
from bench.overhead.measure import Repetition, Used
from bench.overhead.plan import Plan
from bench.processes import cpu_seconds, resident, resident_bytes

STATUS = "Name:\tnode\nVmPeak:\t 900 kB\nVmHWM:\t  220 kB\nVmRSS:\t  200 kB\nThreads:\t7\n"


def repetition(plain: float, traced: float, latency: float = 8.0) -> Repetition:
    """Return one of 100 orders that took so many seconds of CPU; tracing makes each 0.5 ms slower."""
    used = {
        PLAIN: Used(100, plain, (latency,) * 90 + (50.0,) * 10),
        TRACED: Used(100, traced, (latency + 0.5,) * 90 + (52.0,) * 10),
    }
    return Repetition({ORDER: used}, {PLAIN: 40_000_000, TRACED: 60_000_000 + int(plain * 1e6)}, 0.1)


def test_what_is_added_is_compared_within_a_repetition_and_not_between_them() -> None:
    """A machine that is twice as slow in one repetition is so for both services."""
    found = figures([repetition(0.4, 0.5), repetition(0.8, 1.0), repetition(0.4, 0.52)], ORDER)
    assert found.plain_cpu == pytest.approx(4000)
    assert found.added_cpu == pytest.approx(1200)
    assert found.percent == pytest.approx((25, 25, 30))


def test_latencies_are_medians_and_the_ninety_fifth_percentile() -> None:
    found = figures([repetition(0.4, 0.5), repetition(0.4, 0.5, 9.0), repetition(0.4, 0.5, 30.0)], ORDER)
    assert (found.plain_median, found.added_median) == pytest.approx((9.0, 0.5))
    assert (found.plain_p95, found.added_p95) == pytest.approx((50.0, 2.0))


def test_memory_is_the_median_of_the_differences() -> None:
    found = memory([repetition(1, 1), repetition(2, 2), repetition(9, 9)])
    assert (found.plain, found.added) == (40_000_000, 22_000_000)


@pytest.mark.parametrize(("share", "expected"), [(0.0, 1), (0.5, 3), (0.95, 5), (1.0, 5)])
def test_a_percentile_is_a_value_that_was_measured(share: float, expected: int) -> None:
    assert percentile([5, 3, 1, 2, 4], share) == expected


def test_no_values_have_no_percentile() -> None:
    with pytest.raises(ValueError, match="no values"):
        percentile([], 0.5)


@pytest.mark.parametrize(("field", "expected"), [("VmRSS", 200 * 1024), ("VmHWM", 220 * 1024), ("VmSwap", 0)])
def test_the_memory_of_a_process_is_read_in_bytes(field: str, expected: int) -> None:
    assert resident(STATUS, field) == expected


def test_an_ended_process_takes_no_memory() -> None:
    assert resident("Name:\tnode\nState:\tZ (zombie)\n", "VmRSS") == 0


def test_the_cpu_time_of_a_process_is_that_which_the_system_counts() -> None:
    end = time.process_time() + 0.2
    while time.process_time() < end:
        pass
    assert cpu_seconds(os.getpid()) == pytest.approx(time.process_time(), abs=0.05)
    ticks = Path("/proc/self/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[11:13]
    assert cpu_seconds(os.getpid()) == pytest.approx(sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK"), abs=0.1)
    assert resident_bytes(os.getpid()) > 1e6


def test_what_this_process_takes_is_not_what_others_take(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(others, "busy_seconds", lambda: 1000.0)
    before, begin = others.other_seconds([]), time.process_time()
    while time.process_time() < begin + 0.2:
        pass
    assert before - others.other_seconds([]) == pytest.approx(0.2, abs=0.05)
    # Its own is deducted once more when it is named.
    assert before - others.other_seconds([os.getpid()]) > time.process_time() - 0.05


def test_operations_are_due_at_a_steady_rate_whatever_is_answered() -> None:
    assert [*due_times(10.0, 4, 2.0)] == [10.0, 10.5, 11.0, 11.5]


def test_a_warm_up_sends_at_once_and_ends() -> None:
    begin = time.monotonic()
    found = [*itertools.islice(at_once(begin + 0.05), 10)]
    assert len(found) == 10
    assert begin <= min(found) <= max(found) <= begin + 0.05
    assert not [*at_once(begin)]


def test_both_services_get_the_same_number_of_operations() -> None:
    assert Plan(seconds={ORDER: 1.5}, rates={ORDER: 100.0}).operations(ORDER) == 150
