"""CPU of a gateway and of an agent: by hand for prod, and what holds for every stack."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plan.cpu import CpuPlan, cpu_plan, gateway_microseconds
from plan.plan import make_plan
from settings.stack import StackSettings
from tests.support.stacks import ABSENT, UNMONITORED, settings_of
from tests.support.strategies import valid_settings


def plan_of(settings: StackSettings) -> CpuPlan:
    """Return the CPU of a stack's collectors."""
    return make_plan(settings).cpu


def changed(settings: StackSettings, more_gateways: int = 0, **values: object) -> CpuPlan:
    """Return the CPU with more gateways or another load, without validating the stack again."""
    changed_settings = settings.model_copy(update={"load": settings.load.model_copy(update=values)})
    gateways = settings.collectors.gateway.replicas + more_gateways
    return cpu_plan(changed_settings, make_plan(settings).traffic, gateways)


def test_productions_collectors_computed_by_hand() -> None:
    # A gateway receives 100 000 × 1.5 ÷ 3 = 50 000 spans/s. It keeps 11.8 % and sends 13.79 %:
    # 50 000 × (10.3 + 0.118 × 30 + 0.1379 × 5) µs = 726.5 millicores, and 10 for an idle collector.
    # In an incident it keeps 19.9 % and sends as many again to the long-term tier as fail or are among the 1 % of
    # the rest, 10.9 %: 50 000 × (10.3 + 0.199 × 30 + 0.308 × 5) µs = 890.5.
    # An agent receives 10 000 spans/s at the peak, and on the busiest node 10 000 × 2 × 1.5: × 14.7 µs.
    assert plan_of(settings_of("prod")) == CpuPlan(
        gateway_at_peak=737, gateway_in_incident=901, agent_at_peak=157, busiest_agent=451
    )


def test_without_a_long_term_tier_a_gateway_sends_one_copy() -> None:
    both = plan_of(settings_of("prod")).gateway_in_incident
    assert plan_of(settings_of("prod", {"retention.long_term_hours": ABSENT})).gateway_in_incident < both


def test_a_single_node_has_no_busier_one() -> None:
    # 2 000 spans/s × 1.5 × 9.7 µs, without the factor of two between nodes.
    assert plan_of(settings_of("dojo", UNMONITORED | {"load.nodes": 1})).busiest_agent == 10 + 30


def test_span_metrics_of_agents_take_cpu_there() -> None:
    counted, not_counted = (
        plan_of(settings_of("prod", {"span_metrics.source": source})) for source in ("agents", "tempo")
    )
    # 10 000 spans/s × 5 µs.
    assert counted.agent_at_peak - not_counted.agent_at_peak == 50
    assert counted.gateway_at_peak == not_counted.gateway_at_peak


def test_slower_cores_take_longer() -> None:
    usual, slow = (plan_of(settings_of("prod", {"load.cpu_factor": factor})) for factor in (1.0, 2.0))
    assert slow.gateway_at_peak - 10 == pytest.approx(2 * (usual.gateway_at_peak - 10), abs=2)
    assert slow.busiest_agent - 10 == pytest.approx(2 * (usual.busiest_agent - 10), abs=2)


@given(kept=st.floats(0, 1), more=st.floats(0, 1), sent=st.floats(0, 2))
def test_a_span_costs_more_the_more_is_kept(kept: float, more: float, sent: float) -> None:
    assert gateway_microseconds(min(1.0, kept + more), sent) >= gateway_microseconds(kept, sent)


@given(settings=valid_settings(), more=st.integers(0, 10**7))
def test_more_load_never_takes_less(settings: StackSettings, more: int) -> None:
    before = plan_of(settings)
    after = changed(settings, peak_spans_per_second=settings.load.peak_spans_per_second + more)
    assert after.gateway_at_peak >= before.gateway_at_peak
    assert after.gateway_in_incident >= before.gateway_in_incident
    assert after.agent_at_peak >= before.agent_at_peak
    assert after.busiest_agent >= before.busiest_agent


@given(settings=valid_settings(), more=st.integers(0, 1000))
def test_more_collectors_never_take_more_each(settings: StackSettings, more: int) -> None:
    before = plan_of(settings)
    gateways = changed(settings, more_gateways=more)
    assert gateways.gateway_at_peak <= before.gateway_at_peak
    assert gateways.gateway_in_incident <= before.gateway_in_incident
    agents = changed(settings, nodes=settings.load.nodes + more)
    assert agents.agent_at_peak <= before.agent_at_peak
    assert agents.busiest_agent <= before.busiest_agent


@given(settings=valid_settings())
def test_an_incident_and_the_busiest_node_never_take_less(settings: StackSettings) -> None:
    cpu = plan_of(settings)
    assert cpu.gateway_in_incident >= cpu.gateway_at_peak
    assert cpu.busiest_agent >= cpu.agent_at_peak
