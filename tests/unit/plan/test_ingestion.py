from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plan.ingestion import IngestionPlan
from plan.plan import make_plan
from settings.stack import StackSettings
from tests.support.stacks import settings_of
from tests.support.strategies import valid_settings


def test_productions_limits_computed_by_hand() -> None:
    # An incident keeps 19.9 %: 100 000 × 19.9 % × 1 400 B × 1.5 = 41.79 MB/s; a third more at once;
    # twice the idle time of 5 s at that rate and one burst, in traces of 1 kB. Each rounded up to a step.
    assert make_plan(settings_of("prod")).ingestion == IngestionPlan(
        rate_limit_bytes=45_000_000, burst_size_bytes=60_000_000, max_live_traces=510_000
    )


def test_a_small_environment_gets_tempos_own_rates() -> None:
    assert make_plan(settings_of("dojo")).ingestion == IngestionPlan(
        rate_limit_bytes=15_000_000, burst_size_bytes=20_000_000, max_live_traces=170_000
    )


@pytest.mark.parametrize(
    "changes", [{"load.peak_spans_per_second": 105_000}, {"sampling.baseline_percentage": 10.5}]
)
def test_a_little_more_load_changes_no_limit(changes: dict[str, Any]) -> None:
    assert make_plan(settings_of("prod", changes)).ingestion == make_plan(settings_of("prod")).ingestion


def test_a_burst_takes_two_of_the_largest_traces() -> None:
    settings = settings_of("dojo", {"tempo.max_trace_bytes": 30_000_000})
    assert make_plan(settings).ingestion.burst_size_bytes == 60_000_000


@given(settings=valid_settings(), peak=st.integers(1, 10_000_000))
def test_more_load_never_lowers_a_limit(settings: StackSettings, peak: int) -> None:
    load = settings.load
    more = load.model_copy(update={"peak_spans_per_second": load.peak_spans_per_second + peak})
    before = make_plan(settings).ingestion
    after = make_plan(settings.model_copy(update={"load": more})).ingestion
    assert after.rate_limit_bytes >= before.rate_limit_bytes >= 15_000_000
    assert after.burst_size_bytes >= before.burst_size_bytes >= 2 * settings.tempo.max_trace_bytes
    assert after.max_live_traces >= before.max_live_traces >= 10_000


@given(settings=valid_settings())
def test_whoever_sends_too_much_is_told_before_a_trace_is_dropped(settings: StackSettings) -> None:
    """Exceeding the byte limit is reported to the sender; exceeding the trace limit is not."""
    limits, seconds = make_plan(settings).ingestion, 2 * settings.tempo.trace_idle_seconds
    smallest = (limits.rate_limit_bytes * seconds + limits.burst_size_bytes) / limits.max_live_traces
    assert smallest <= 1_000


@given(settings=valid_settings())
def test_a_burst_is_more_than_a_second_of_the_rate(settings: StackSettings) -> None:
    limits = make_plan(settings).ingestion
    assert limits.burst_size_bytes > limits.rate_limit_bytes
