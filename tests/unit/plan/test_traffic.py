import pytest
from hypothesis import given
from hypothesis import strategies as st

from plan.traffic import INCIDENT_FACTOR, kept_share, traffic
from settings.stack import StackSettings
from tests.support.stacks import ABSENT, settings_of
from tests.support.strategies import valid_settings


def test_productions_traffic_computed_by_hand() -> None:
    settings = settings_of("prod")
    flow = traffic(settings.load, settings.sampling)
    # 100 000 spans/s, ten spans a trace.
    assert flow.peak_new_traces_per_second == 10_000
    # 1 % failed + 1 % slow + 10 % of the other 98 %.
    assert flow.kept_share == pytest.approx(0.118)
    # 10 % failed + 1 % slow + 10 % of the other 89 %.
    assert flow.kept_share_in_incident == pytest.approx(0.199)
    # 1 % failed + 1 % of the other 99 %.
    assert flow.long_term_share == pytest.approx(0.0199)


def test_a_trace_of_both_tiers_is_sent_twice() -> None:
    settings = settings_of("prod")
    flow = traffic(settings.load, settings.sampling)
    assert flow.sent_share(settings.retention) == pytest.approx(0.118 + 0.0199)
    one_tier = settings_of("prod", {"retention.long_term_hours": ABSENT}).retention
    assert flow.sent_share(one_tier) == flow.kept_share


def test_the_dojo_keeps_everything() -> None:
    settings = settings_of("dojo")
    assert traffic(settings.load, settings.sampling).kept_share == 1


def test_without_a_baseline_only_failed_slow_and_named_traces_are_kept() -> None:
    settings = settings_of(
        "prod", {"sampling.baseline_percentage": 0, "sampling.long_term_baseline_percentage": 0.0}
    )
    assert kept_share(settings.load, settings.sampling, failed_factor=1) == pytest.approx(0.02)


def test_an_incident_never_keeps_more_than_everything() -> None:
    settings = settings_of("prod", {"load.failed_percentage": 50.0})
    assert kept_share(settings.load, settings.sampling, failed_factor=INCIDENT_FACTOR) == 1


@given(settings=valid_settings(), factor=st.floats(1, 1000))
def test_shares_are_shares_and_a_worse_incident_never_keeps_less(settings: StackSettings, factor: float) -> None:
    flow = traffic(settings.load, settings.sampling)
    assert 0 <= flow.kept_share <= flow.kept_share_in_incident <= 1
    assert 0 <= flow.long_term_share <= 1
    # The order of two equal sums may differ in the last bit.
    assert kept_share(settings.load, settings.sampling, factor) >= flow.kept_share - 1e-12
