"""Workloads of Tempo in microservices mode: enough for the peak, few on average, two where one may die."""

from typing import Any

import pytest
from hypothesis import given

from plan.plan import make_plan
from plan.tempo.sizes import tempo_rates
from plan.tempo.workloads import TempoWorkload
from settings.stack import StackSettings
from tests.support.stacks import ABSENT, settings_of
from tests.support.strategies import valid_settings
from tests.support.tempo_configs import of_3, settings_of_major

FEW = {"tempo.ingesters": 1, "tempo.replication_factor": 1, "tempo.volume_size_gib": 4096}


def workloads(stack: str, changes: dict[str, Any] | None = None) -> dict[str, TempoWorkload]:
    """Return the workloads of a changed stack by name."""
    return {workload.name: workload for workload in make_plan(settings_of(stack, changes)).tempo}


def counts(stack: str, changes: dict[str, Any] | None = None) -> dict[str, tuple[int, int]]:
    """Return the replicas that always run and the maximum, by name."""
    found = workloads(stack, changes)
    return {name: (workload.replicas, workload.max_replicas) for name, workload in found.items()}


def test_prods_processes_follow_from_its_load() -> None:
    """11.8 % and 1.99 % of 100 000 spans/s of 1 400 bytes, half as much again: 29 MB/s; 0.9 MB/s on average."""
    assert counts("prod") == {
        "distributor": (2, 3),
        "ingester": (3, 3),
        "compactor": (1, 1),
        "metrics-generator": (3, 3),
        "query-frontend": (2, 2),
        "querier": (2, 15),
    }


def test_staging_is_small() -> None:
    assert counts("staging") == {
        "distributor": (2, 2),
        "ingester": (3, 3),
        "compactor": (1, 1),
        "metrics-generator": (2, 2),
        "query-frontend": (2, 2),
        "querier": (2, 6),
    }


def test_two_ingesters_are_enough_to_want_two_of_all_that_stands_in_the_way() -> None:
    """With a single replica its loss stops spans or answers, however many ingesters there are."""
    quiet = {"load.average_spans_per_second": 1, "load.peak_spans_per_second": 1}
    least = {
        ingesters: counts("prod", FEW | quiet | {"tempo.ingesters": ingesters})["distributor"][0]
        for ingesters in (1, 2, 3)
    }
    assert least == {1: 1, 2: 2, 3: 2}


def test_rates_are_what_distributors_are_sent() -> None:
    settings = settings_of("prod")
    rates = tempo_rates(settings.load, settings.retention, make_plan(settings).traffic)
    assert rates.average_mb_per_second == pytest.approx(0.945994)
    assert rates.peak_mb_per_second == pytest.approx(28.959)


def test_without_a_long_term_tier_nothing_is_sent_twice() -> None:
    settings = settings_of("prod", {"retention.long_term_hours": None})
    rates = tempo_rates(settings.load, settings.retention, make_plan(settings).traffic)
    assert rates.peak_mb_per_second == pytest.approx(24.78)


def test_prods_ingesters_are_the_decision_records() -> None:
    ingester = workloads("prod")["ingester"]
    assert ingester.volume_size_gib == 100
    resources = ingester.resources
    assert (resources.cpu_request_millicores, resources.memory_request_mib) == (500, 1024)
    assert (resources.cpu_limit_millicores, resources.memory_limit_mib) == (2000, 4096)


def test_a_querier_has_the_manuals_memory_and_the_operators_share_of_it() -> None:
    resources = workloads("prod")["querier"].resources
    assert (resources.cpu_limit_millicores, resources.memory_limit_mib) == (1000, 4096)
    assert (resources.cpu_request_millicores, resources.memory_request_mib) == (500, 1228)


def test_a_high_average_adds_processes_for_good() -> None:
    found = counts("prod", {"load.average_spans_per_second": 100_000})
    assert found["distributor"] == (2, 3)
    assert found["querier"] == (10, 15)
    assert found["compactor"] == (9, 9)


def test_blocks_for_traceql_metrics_are_one_copy_more_to_compact() -> None:
    """19.3 MB/s, of which a compactor handles 3; with four copies instead of three 25.7 MB/s."""
    high: dict[str, Any] = {"load.average_spans_per_second": 100_000}
    assert counts("prod", high)["compactor"] == (9, 9)
    assert counts("prod", high | {"tempo.traceql_metrics": False})["compactor"] == (7, 7)


def test_a_monolith_has_no_processes_of_its_own() -> None:
    assert workloads("dojo") == {}
    assert workloads("dojo", of_3(kafka=False)) == {}


def test_one_ingester_is_a_choice_to_be_small() -> None:
    changes: dict[str, Any] = FEW | {"load.peak_spans_per_second": 5_000, "load.average_spans_per_second": 400}
    assert {replicas for replicas, _ in counts("prod", changes).values()} == {1}


@given(settings=valid_settings())
def test_losing_one_process_is_survived_where_it_was_asked_for(settings: StackSettings) -> None:
    if settings.tempo.ingesters == 1:
        return
    in_the_way = {"distributor", "querier", "query-frontend", "ingester", "live-store", "block-builder"}
    for workload in make_plan(settings).tempo:
        if workload.target in in_the_way:
            assert workload.replicas >= 2, workload


@given(settings=valid_settings())
def test_only_what_holds_nothing_is_scaled(settings: StackSettings) -> None:
    for workload in make_plan(settings).tempo:
        assert workload.max_replicas >= workload.replicas >= 1
        assert workload.autoscaled == (workload.target in {"distributor", "querier"})
        assert workload.autoscaled or workload.max_replicas == workload.replicas


@given(settings=valid_settings())
def test_requests_fit_the_limits(settings: StackSettings) -> None:
    for workload in make_plan(settings).tempo:
        resources = workload.resources
        assert resources.cpu_request_millicores <= resources.cpu_limit_millicores
        assert resources.memory_request_mib <= resources.memory_limit_mib


WITHOUT_PROMETHEUS = {"grafana.prometheus_url": ABSENT, "retention.aggregated_metrics_days": None}


def test_generators_run_for_a_prometheus_or_in_2_for_traceql_metrics() -> None:
    neither = WITHOUT_PROMETHEUS | {"tempo.traceql_metrics": False}
    assert "metrics-generator" in workloads("prod", WITHOUT_PROMETHEUS)
    assert "metrics-generator" in workloads("prod", {"tempo.traceql_metrics": False})
    assert "metrics-generator" not in workloads("prod", neither)
    assert "metrics-generator" not in workloads("prod", of_3(WITHOUT_PROMETHEUS))


def test_generators_keep_blocks_for_traceql_metrics_on_a_volume() -> None:
    """Without a volume a replaced Pod takes its last blocks with it."""
    assert workloads("prod")["metrics-generator"].volume_size_gib == 12
    without: dict[str, Any] = {"tempo.traceql_metrics": False}
    assert workloads("prod", without)["metrics-generator"].volume_size_gib is None
    assert workloads("prod", of_3())["metrics-generator"].volume_size_gib is None


@pytest.mark.parametrize(
    ("changes", "mib"),
    [
        # 1 GiB and 4 tenants × 100 000 series × 3 300 bytes, in steps of 1 GiB.
        ({}, 3072),
        ({"grafana.max_active_series_per_tenant": 1_000}, 2048),
        ({"grafana.max_active_series_per_tenant": 1_000_000}, 14_336),
        (WITHOUT_PROMETHEUS, 2048),
    ],
)
def test_generators_have_memory_for_every_tenants_series(changes: dict[str, Any], mib: int) -> None:
    assert workloads("prod", changes)["metrics-generator"].resources.memory_limit_mib == mib


def test_every_process_that_opens_the_store_may() -> None:
    """A metrics generator of 2.x lists the bucket at start, and exits if that is denied."""
    assert {name for name, workload in workloads("prod").items() if not workload.needs_object_store} == {
        "distributor"
    }
    assert {name for name, workload in workloads("prod", of_3()).items() if not workload.needs_object_store} == {
        "distributor",
        "metrics-generator",
    }


def test_3_has_a_live_store_of_each_zone_and_a_builder_for_each_partition() -> None:
    assert counts("prod", of_3()) == {
        "distributor": (2, 3),
        "live-store-zone-a": (3, 3),
        "live-store-zone-b": (3, 3),
        "block-builder": (3, 3),
        "backend-scheduler": (1, 1),
        "backend-worker": (1, 1),
        "metrics-generator": (3, 3),
        "query-frontend": (2, 2),
        "querier": (2, 15),
    }
    assert {workload.zone for workload in workloads("prod", of_3()).values()} == {None, "zone-a", "zone-b"}


def test_one_copy_is_one_zone() -> None:
    changes: dict[str, Any] = {"tempo.replication_factor": 1}
    assert [name for name in workloads("prod", of_3(changes)) if "live-store" in name] == ["live-store-zone-a"]


@given(settings=settings_of_major(3))
def test_there_is_only_ever_one_scheduler_and_no_idle_generator(settings: StackSettings) -> None:
    """A StatefulSet never runs the old Pod beside the new one; generators share the partitions."""
    for workload in make_plan(settings).tempo:
        if workload.target == "backend-scheduler":
            assert (workload.kind, workload.replicas, workload.max_replicas) == ("statefulset", 1, 1)
        if workload.target == "metrics-generator":
            assert workload.replicas <= settings.tempo.ingesters
