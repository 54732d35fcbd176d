from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plan.gateway import (
    GatewayPlan,
    LongTermPlan,
    long_term_plan,
    memory_limit_mib,
    traces_in_flight,
)
from plan.plan import make_plan
from settings.stack import StackSettings
from tests.support.stacks import ABSENT, settings_of
from tests.support.strategies import valid_settings

# 160 MiB of an idle gateway over the 60 % that may be used, in steps of 64 MiB.
IDLE_MIB = 320


def test_productions_gateway_computed_by_hand() -> None:
    # 100 000 spans/s ÷ 10 a trace × 1.5 headroom ÷ 3 gateways = 5 000 traces/s, each waiting 15 s.
    # Of an incident's traces 10 % have failed, 1 % are slow, and 10 % of the other 89 % are kept: 19.9 %.
    # 5 000 × 19.9 % = 995 a second go to the second sampler, for a wait of 1 s and a tick.
    # (160 MiB + (75 000 + 1 990) × 10 × 1 400 B + 2 × (750 000 + 149 250) × 120 B) ÷ 0.6 = 2 323 MiB,
    # in steps of 64: 2 368.
    assert make_plan(settings_of("prod")).gateway == GatewayPlan(
        sampler_shards=2,
        traces_in_flight=75_000,
        expected_new_traces_per_second=5_000,
        remembered_sampled=750_000,
        remembered_not_sampled=750_000,
        long_term=LongTermPlan(traces_in_flight=1_990, expected_new_traces_per_second=995, remembered=149_250),
        memory_limit_mib=2_368,
        go_memory_limit_mib=1_894,
    )


def test_without_a_long_term_tier_its_sampler_costs_no_memory() -> None:
    # As above without it: 2 221.7 MiB.
    assert make_plan(settings_of("prod", {"retention.long_term_hours": ABSENT})).gateway.memory_limit_mib == 2_240


@pytest.mark.parametrize(
    ("rate", "remembered", "share", "expected"),
    [
        (5_000, 750_000, 0.199, LongTermPlan(1_990, 995, 149_250)),
        (5_000, 750_000, 1.0, LongTermPlan(10_000, 5_000, 750_000)),
        (10, 10_000, 0.5, LongTermPlan(1_000, 5, 5_000)),
        (10, 10_000, 0.0, LongTermPlan(1_000, 1, 1)),
    ],
)
def test_the_second_sampler_holds_two_seconds_of_what_an_incident_keeps(
    rate: float, remembered: int, share: float, expected: LongTermPlan
) -> None:
    """One second is its wait, one is the tick in which the first sampler releases a second's worth of traces."""
    flow = replace(make_plan(settings_of("prod")).traffic, kept_share_in_incident=share)
    assert long_term_plan(rate, remembered, flow) == expected


def test_the_dojos_gateway_computed_by_hand() -> None:
    # 2 000 ÷ 10 × 1.5 = 300 traces/s for 10 s; (160 MiB + 42 MB + 7.2 MB) ÷ 0.6 = 344.9 MiB.
    gateway = make_plan(settings_of("dojo")).gateway
    assert (gateway.traces_in_flight, gateway.memory_limit_mib, gateway.go_memory_limit_mib) == (3_000, 384, 307)


@pytest.mark.parametrize(
    ("rate", "wait", "expected"), [(0.1, 10, 1_000), (100, 10, 1_000), (100.1, 10, 1_001), (300, 10, 3_000)]
)
def test_the_table_of_undecided_traces_holds_one_whole_wait(rate: float, wait: int, expected: int) -> None:
    assert traces_in_flight(rate, wait) == expected


def test_more_gateways_hold_less_each() -> None:
    three = make_plan(settings_of("prod")).gateway
    six = make_plan(settings_of("prod", {"collectors.gateway.replicas": 6})).gateway
    assert six.traces_in_flight * 2 == three.traces_in_flight
    assert six.memory_limit_mib < three.memory_limit_mib


@given(settings=valid_settings())
def test_the_table_holds_one_wait_of_the_peak_with_headroom(settings: StackSettings) -> None:
    load, sampling, gateway = settings.load, settings.sampling, settings.collectors.gateway
    arriving = load.peak_spans_per_second / load.spans_per_trace * load.headroom * sampling.decision_wait_seconds
    assert make_plan(settings).gateway.traces_in_flight * gateway.replicas >= arriving * (1 - 1e-9)


@given(settings=valid_settings())
def test_memory_is_never_below_an_idle_gateway_and_comes_in_steps(settings: StackSettings) -> None:
    gateway = make_plan(settings).gateway
    assert gateway.memory_limit_mib >= IDLE_MIB
    assert gateway.memory_limit_mib % 64 == 0
    assert gateway.expected_new_traces_per_second >= 1


@given(settings=valid_settings())
def test_undecided_spans_fit_below_the_share_at_which_the_limiter_refuses(settings: StackSettings) -> None:
    gateway = make_plan(settings).gateway
    traces = gateway.traces_in_flight
    if settings.retention.long_term_hours is not None:
        traces += gateway.long_term.traces_in_flight
    held = traces * settings.load.spans_per_trace * settings.load.span_bytes_in_flight
    assert held < gateway.memory_limit_mib * 2**20 * 0.6


@given(settings=valid_settings(), more=st.integers(0, 10**6), traces=st.integers(1, 10**6))
def test_memory_grows_with_the_traces_in_flight(settings: StackSettings, more: int, traces: int) -> None:
    load = settings.load
    assert memory_limit_mib(load, traces + more, traces + more) >= memory_limit_mib(load, traces, traces)
