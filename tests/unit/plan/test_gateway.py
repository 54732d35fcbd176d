import pytest
from hypothesis import given
from hypothesis import strategies as st

from plan.gateway import (
    GatewayPlan,
    memory_limit_mib,
    traces_in_flight,
)
from plan.plan import make_plan
from settings.stack import StackSettings
from tests.support.stacks import settings_of
from tests.support.strategies import valid_settings

# 160 MiB of an idle gateway × 4/3 for garbage over the 60 % that may be used, in steps of 64 MiB.
IDLE_MIB = 384


def test_productions_gateway_computed_by_hand() -> None:
    # 100 000 spans/s ÷ 10 a trace × 1.5 headroom ÷ 3 gateways = 5 000 traces/s, each waiting 15 s and two ticks.
    # (160 MiB + 85 000 × 10 × 2 100 B + 850 000 × 120 B) × 4/3 ÷ 0.6 = 4 354.6 MiB, in steps of 64: 4 416.
    assert make_plan(settings_of("prod")).gateway == GatewayPlan(
        sampler_shards=2,
        traces_in_flight=85_000,
        table_traces=340_000,
        expected_new_traces_per_second=5_000,
        remembered_sampled=850_000,
        remembered_not_sampled=2,
        memory_limit_mib=4_416,
        go_memory_limit_mib=2_649,
    )


def test_the_dojos_gateway_computed_by_hand() -> None:
    # 2 000 ÷ 10 × 1.5 = 300 traces/s for 12 s; (160 MiB + 75.6 MB + 4.32 MB) × 4/3 ÷ 0.6 = 524.9 MiB.
    gateway = make_plan(settings_of("dojo")).gateway
    assert (gateway.traces_in_flight, gateway.memory_limit_mib, gateway.go_memory_limit_mib) == (3_600, 576, 345)


@pytest.mark.parametrize(
    ("rate", "wait", "expected"), [(0.1, 8, 1_000), (100, 8, 1_000), (100.1, 8, 1_001), (300, 10, 3_600)]
)
def test_the_table_of_undecided_traces_holds_one_wait_and_two_ticks(rate: float, wait: int, expected: int) -> None:
    assert traces_in_flight(rate, wait) == expected


def test_more_gateways_hold_less_each() -> None:
    three = make_plan(settings_of("prod")).gateway
    six = make_plan(settings_of("prod", {"collectors.gateway.replicas": 6})).gateway
    assert six.traces_in_flight * 2 == three.traces_in_flight
    assert six.memory_limit_mib < three.memory_limit_mib


@given(settings=valid_settings())
def test_the_table_holds_the_peak_with_headroom_until_a_late_tick(settings: StackSettings) -> None:
    load, sampling, gateway = settings.load, settings.sampling, settings.collectors.gateway
    seconds = sampling.decision_wait_seconds + 2
    arriving = load.peak_spans_per_second / load.spans_per_trace * load.headroom * seconds
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
    held = traces * settings.load.spans_per_trace * settings.load.span_bytes_in_flight
    # A third more for garbage.
    assert held * 4 / 3 < gateway.memory_limit_mib * 2**20 * 0.6


@given(settings=valid_settings())
def test_the_runtime_collects_garbage_before_the_limiter_refuses(settings: StackSettings) -> None:
    gateway = make_plan(settings).gateway
    assert 0 < gateway.go_memory_limit_mib <= gateway.memory_limit_mib * 0.6


@given(settings=valid_settings(), more=st.integers(0, 10**6), traces=st.integers(1, 10**6))
def test_memory_grows_with_the_traces_in_flight(settings: StackSettings, more: int, traces: int) -> None:
    load = settings.load
    assert memory_limit_mib(load, traces + more, traces + more) >= memory_limit_mib(load, traces, traces)
