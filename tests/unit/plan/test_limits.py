"""A stack with less than its load requires is refused, with the minimum that is enough."""

import math
from typing import Any

import pytest
from hypothesis import given

from plan.agent_memory import agent_memory_mib
from plan.delivery import MIN_QUEUE_BYTES, gateway_queue
from plan.limits import checked_plan
from settings.problems import SettingsError
from settings.stack import StackSettings
from tests.support.stacks import STACKS, UNMONITORED, settings_of
from tests.support.strategies import valid_settings

MEMORY = (
    "collectors.gateway.memory_ceiling_mib: is too low for 3600 traces in flight in each gateway "
    "(got 575; allowed at least 576). "
    "Raise it, add gateways, or shorten sampling.decision_wait_seconds."
)
STORE = (
    "object_store.minio.volume_size_gib: is too small for the load and the retention "
    "(got 47; allowed at least 48). "
    "Enlarge it (docs/volumes.md), shorten retention.detailed_hours, or correct load.average_spans_per_second."
)
INGESTER = (
    "tempo.volume_size_gib: is too small for the blocks that an ingester holds at the peak "
    "(got 3; allowed at least 4). "
    "Enlarge it (docs/volumes.md), add ingesters, or shorten tempo.max_block_duration_seconds."
)


@pytest.mark.parametrize(
    ("path", "too_little", "enough", "sentence"),
    [
        ("collectors.gateway.memory_ceiling_mib", 575, 576, MEMORY),
        ("object_store.minio.volume_size_gib", 47, 48, STORE),
        ("tempo.volume_size_gib", 3, 4, INGESTER),
    ],
)
def test_too_little_is_refused_and_the_named_least_is_enough(
    path: str, too_little: int, enough: int, sentence: str
) -> None:
    with pytest.raises(SettingsError) as refusal:
        checked_plan(settings_of("dojo", {path: too_little}))
    assert str(refusal.value) == sentence
    checked_plan(settings_of("dojo", {path: enough}))


def test_an_agent_has_memory_for_a_burst_and_its_label_sets() -> None:
    """(10 + 32 × 2.6) MiB × 4/3 / 60 % without span metrics."""
    path = "collectors.agent.resources.memory_limit_mib"
    with pytest.raises(SettingsError) as refusal:
        checked_plan(settings_of("dojo", UNMONITORED | {path: 207}))
    assert str(refusal.value) == (
        f"{path}: is too low for the requests of a burst and the label sets of span metrics (got 207; allowed at "
        "least 208). Raise it, or lower span_metrics.max_label_sets_per_agent."
    )
    checked_plan(settings_of("dojo", UNMONITORED | {path: 208}))


def test_a_generators_volume_holds_its_blocks_at_the_peak() -> None:
    """7.6 GB and 3.2 GB of series; with a poll of 1 000 s instead of 300, 13.1 GB and 3.2 GB."""
    slow: dict[str, Any] = {"tempo.blocklist_poll_seconds": 1000}
    with pytest.raises(SettingsError) as refusal:
        checked_plan(settings_of("prod", slow | {"tempo.generator_volume_size_gib": 15}))
    assert str(refusal.value) == (
        "tempo.generator_volume_size_gib: is too small for the blocks and the log of series that a metrics "
        "generator holds at the peak (got 15; allowed at least 16). Enlarge it (docs/volumes.md), lower "
        "grafana.max_active_series_per_tenant, or do without tempo.traceql_metrics."
    )
    checked_plan(settings_of("prod", slow | {"tempo.generator_volume_size_gib": 16}))


def test_a_monolith_has_memory_for_all_series_that_it_may_hold() -> None:
    """1 GiB beside 500 000 series of 3 300 bytes; without a Prometheus it holds none."""
    many: dict[str, Any] = {"grafana.max_active_series_per_tenant": 500_000, "tempo.volume_size_gib": 20}
    checked_plan(settings_of("dojo", UNMONITORED | many))
    with pytest.raises(SettingsError) as refusal:
        checked_plan(settings_of("dojo", many | {"tempo.resources.memory_limit_mib": 2597}))
    assert str(refusal.value) == (
        "tempo.resources.memory_limit_mib: is too low for the series that the tenants may have in the single "
        "process (got 2597; allowed at least 2598). Raise it, or lower grafana.max_active_series_per_tenant."
    )
    checked_plan(settings_of("dojo", many | {"tempo.resources.memory_limit_mib": 2598}))


def test_a_monoliths_volume_holds_the_log_of_its_series() -> None:
    """4 GB of blocks at the peak fit; 200 000 series add 1.6 GB."""
    series: dict[str, Any] = {"grafana.max_active_series_per_tenant": 200_000, "tempo.volume_size_gib": 5}
    checked_plan(settings_of("dojo", UNMONITORED | series))
    with pytest.raises(SettingsError, match=r"tempo\.volume_size_gib: .*allowed at least 6"):
        checked_plan(settings_of("dojo", series))


def test_all_that_does_not_fit_is_told_at_once() -> None:
    changes: dict[str, Any] = {
        "collectors.gateway.memory_ceiling_mib": 575,
        "object_store.minio.volume_size_gib": 47,
        "tempo.volume_size_gib": 3,
    }
    with pytest.raises(SettingsError) as refusal:
        checked_plan(settings_of("dojo", changes))
    assert str(refusal.value) == f"{MEMORY}\n{STORE}\n{INGESTER}"


def test_a_queue_that_holds_no_request_is_refused_and_the_named_least_is_enough() -> None:
    """Even an empty queue refuses a request larger than itself: a hundred files share 0.95 × 1 GiB."""
    teams = {
        "tenants.namespaces": [f"team-{number}" for number in range(49)],
        "tempo.generator_volume_size_gib": 50,
    }
    with pytest.raises(SettingsError) as refusal:
        checked_plan(settings_of("prod", teams | {"collectors.gateway.queue_volume_gib": 1}))
    assert str(refusal.value) == (
        "collectors.gateway.queue_volume_gib: is too small for 100 queues, one for each tenant and tier: a "
        "request larger than its queue is dropped (got 1; allowed at least 14). "
        "Enlarge it (docs/volumes.md) or list fewer tenants.namespaces."
    )
    enough = settings_of("prod", teams | {"collectors.gateway.queue_volume_gib": 14})
    checked_plan(enough)
    assert gateway_queue(enough).queue_bytes >= MIN_QUEUE_BYTES


@pytest.mark.parametrize("stack", STACKS)
def test_a_committed_stack_has_room_for_a_request_in_each_queue(stack: str) -> None:
    assert gateway_queue(settings_of(stack)).queue_bytes >= MIN_QUEUE_BYTES


@given(settings=valid_settings())
def test_an_accepted_plan_fits_what_the_stack_asks_for(settings: StackSettings) -> None:
    plan = checked_plan(settings)
    gateway, agent = settings.collectors.gateway, settings.collectors.agent.resources
    assert plan.gateway.memory_limit_mib <= gateway.memory_ceiling_mib
    assert agent_memory_mib(settings) <= agent.memory_limit_mib
    assert plan.cpu.gateway_at_peak <= gateway.cpu_request_millicores
    assert plan.cpu.gateway_in_incident <= gateway.cpu_limit_millicores
    assert plan.cpu.agent_at_peak <= agent.cpu_request_millicores
    assert plan.cpu.busiest_agent <= agent.cpu_limit_millicores
    assert plan.storage.ingester_volume_bytes <= settings.tempo.volume_size_gib * 2**30
    minio = settings.object_store.minio
    assert plan.storage.stored_bytes <= (minio.volume_size_gib * 2**30 * 0.8 if minio else math.inf)
