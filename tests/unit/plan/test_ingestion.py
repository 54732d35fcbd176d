from hypothesis import given
from hypothesis import strategies as st

from plan.ingestion import IngestionPlan
from plan.plan import make_plan
from settings.stack import StackSettings
from tests.support.stacks import settings_of
from tests.support.strategies import valid_settings


def test_productions_limits_computed_by_hand() -> None:
    # An incident keeps 19.9 %: 100 000 × 19.9 % × 1 400 B × 1.5; a third more at once;
    # 10 000 traces/s × 19.9 % × twice the idle time of 5 s × 1.5.
    assert make_plan(settings_of("prod")).ingestion == IngestionPlan(
        rate_limit_bytes=41_790_000, burst_size_bytes=55_720_000, max_live_traces=29_850
    )


def test_a_small_environment_gets_tempos_own_defaults() -> None:
    assert make_plan(settings_of("dojo")).ingestion == IngestionPlan(
        rate_limit_bytes=15_000_000, burst_size_bytes=20_000_000, max_live_traces=10_000
    )


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
def test_a_burst_is_more_than_a_second_of_the_rate(settings: StackSettings) -> None:
    limits = make_plan(settings).ingestion
    assert limits.burst_size_bytes > limits.rate_limit_bytes
