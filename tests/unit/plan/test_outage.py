import pytest
from hypothesis import given

from plan.outage import outage_plan
from plan.plan import make_plan
from settings.stack import StackSettings
from tests.support.stacks import settings_of
from tests.support.strategies import valid_settings


def test_the_dojos_queues_computed_by_hand() -> None:
    settings = settings_of("dojo")
    outage = outage_plan(settings, make_plan(settings).traffic)
    # (95 % of 832 MiB - 64 MiB) / 4, in spans of 1 400 bytes: 136 013 of them, at 58 spans/s and at 2 000.
    assert outage.agent_on_average == pytest.approx(2345, rel=0.001)
    assert outage.agent_at_peak == pytest.approx(68.0, rel=0.001)
    # (95 % of 2 GiB - 64 MiB) / 2 for its only tenant: every span is kept.
    assert outage.gateway_at_peak == outage.gateway_in_incident == pytest.approx(352.3, rel=0.001)


@given(settings=valid_settings())
def test_queues_fill_no_later_with_more_traffic(settings: StackSettings) -> None:
    outage = outage_plan(settings, make_plan(settings).traffic)
    assert 0 < outage.agent_at_peak <= outage.agent_on_average
    # The order of two equal sums may differ in the last bit.
    assert 0 < outage.gateway_in_incident <= outage.gateway_at_peak * (1 + 1e-9)
    assert outage.gateway_at_peak <= outage.gateway_on_average * (1 + 1e-9)
