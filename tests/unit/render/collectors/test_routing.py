"""Routing of kept spans to Tempo: every span to its tenant, once in each of its tiers."""

import re
from typing import Any

import pytest
from hypothesis import given

from plan.plan import make_plan
from plan.tenants import tenant_count
from render.collectors.routing import Routes, routes
from render.collectors.sampling import classes, policies
from settings.stack import StackSettings
from tests.support.stacks import ABSENT, settings_of
from tests.support.strategies import valid_settings

TWO_TEAMS = {"tenants.namespaces": ["team-b", "team-a"]}
NO_LONG_TERM = {"retention.long_term_hours": ABSENT}
ONE_TENANT = {"tenants.mode": "single", "tenants.namespaces": []}


def routes_of(stack: str, changes: dict[str, Any] | None = None) -> Routes:
    """Return a committed stack's routes with settings changed."""
    return routes(settings_of(stack, changes))


def ways(found: Routes) -> dict[str, str]:
    """Return each pipeline in a line: receivers, processors, exporters."""
    return {
        name: " | ".join(" ".join(pipeline[kind]) for kind in ("receivers", "processors", "exporters"))
        for name, pipeline in found.pipelines.items()
    }


@given(settings=valid_settings())
def test_no_request_is_larger_than_what_tempo_takes_at_once(settings: StackSettings) -> None:
    """Over gRPC's limit or a tenant's burst a request would be rejected permanently."""
    plan = make_plan(settings)
    for exporter in routes(settings).exporters.values():
        largest = exporter["sending_queue"]["batch"]["max_size"]
        assert 0 < largest < min(16 * 2**20, plan.ingestion.burst_size_bytes)


@given(settings=valid_settings())
def test_no_exporter_waits_for_a_tempo_that_vanished_until_tcp_gives_up(settings: StackSettings) -> None:
    """TCP takes a quarter of an hour; test_faults in the cluster tests shows the effect."""
    exporters = routes(settings).exporters.values()
    assert {tuple(exporter["keepalive"].values()) for exporter in exporters} == {("10s", "10s")}


def test_without_tenancy_the_way_is_straight() -> None:
    found = routes_of("dojo")
    assert (found.last_processors, found.exporters_of_kept) == (["batch"], ["otlp_grpc/tempo"])
    assert (found.processors, found.connectors, found.pipelines) == ({}, {}, {})
    assert "headers" not in found.exporters["otlp_grpc/tempo"]


def test_every_tenant_has_a_pipeline_of_its_own_in_both_tiers() -> None:
    found = routes_of("prod", TWO_TEAMS)
    assert (found.last_processors, found.exporters_of_kept) == ([], ["forward/kept"])
    assert ways(found) == {
        f"traces/{tenant}{suffix}": way
        for tenant in ("shared", "team-a", "team-b")
        for suffix, way in {
            "": f"forward/kept | filter/{tenant} batch | otlp_grpc/{tenant} forward/{tenant}-long-term",
            "-long-term": f"forward/{tenant}-long-term | filter/long_term | otlp_grpc/{tenant}-long-term",
        }.items()
    }


def test_without_a_long_term_tier_nothing_is_copied_for_it() -> None:
    found = routes_of("prod", TWO_TEAMS | NO_LONG_TERM)
    assert sorted(ways(found)) == ["traces/shared", "traces/team-a", "traces/team-b"]
    assert sorted(found.processors) == ["filter/shared", "filter/team-a", "filter/team-b"]
    assert list(found.connectors) == ["forward/kept"]


def test_tiers_without_namespaces_need_no_filter() -> None:
    """Each tenant has one retention, so even a single tenant has a second one for the long-term tier."""
    assert ways(routes_of("prod", ONE_TENANT)) == {
        "traces/shared": "forward/kept | batch | otlp_grpc/shared forward/shared-long-term",
        "traces/shared-long-term": "forward/shared-long-term | filter/long_term | otlp_grpc/shared-long-term",
    }


def test_the_default_tenant_takes_exactly_what_no_other_takes() -> None:
    """Including spans without a namespace: `==` is false for them, so they are not dropped."""
    filters = routes_of("prod", TWO_TEAMS).processors
    assert filters["filter/team-a"]["trace_conditions"] == [
        'resource.attributes["k8s.namespace.name"] != "team-a"'
    ]
    assert filters["filter/team-b"]["trace_conditions"] == [
        'resource.attributes["k8s.namespace.name"] != "team-b"'
    ]
    assert filters["filter/shared"]["trace_conditions"] == [
        'resource.attributes["k8s.namespace.name"] == "team-a"',
        'resource.attributes["k8s.namespace.name"] == "team-b"',
    ]


def test_the_long_term_tier_passes_what_the_policies_made_for_it_kept() -> None:
    """Each name in the condition is that of a policy of the sampler; a span without the attribute is dropped."""
    (found,) = routes_of("prod").processors["filter/long_term"]["trace_conditions"]
    each = 'scope.attributes["tailsampling.policy"] != '
    names = ("errors", "failed-without-status", "long-term", "synthetic-check")
    assert found == " and ".join(f'{each}"{name}"' for name in names)
    kept = [policy["name"] for policy in policies(classes(settings_of("prod")))]
    assert re.findall(r'!= "([^"]*)"', found) == kept[:4]


@given(settings=valid_settings())
def test_filters_refuse_to_guess_and_partition_the_namespaces(settings: StackSettings) -> None:
    found = routes(settings).processors
    filters = {name: part for name, part in found.items() if name.startswith("filter/")}
    assert {part["error_mode"] for part in filters.values()} <= {"propagate"}
    filters.pop("filter/long_term", None)
    conditions = [condition for part in filters.values() for condition in part["trace_conditions"]]
    taken, left = (
        sorted(match[1] for one in conditions if (match := re.search(rf' {operator} "([a-z0-9-]+)"$', one)))
        for operator in ("!=", "==")
    )
    assert taken == left == sorted(settings.tenants.namespaces)


@given(settings=valid_settings())
def test_every_exporter_names_the_tenant_it_delivers_for(settings: StackSettings) -> None:
    found = routes(settings)
    if not found.pipelines:
        return
    assert {name: part["headers"] for name, part in found.exporters.items()} == {
        name: {"X-Scope-OrgID": name.removeprefix("otlp_grpc/")} for name in found.exporters
    }
    delivered = [name for pipeline in found.pipelines.values() for name in pipeline["exporters"]]
    assert sorted(name for name in delivered if name in found.exporters) == sorted(found.exporters)


def test_eight_queues_share_what_one_had() -> None:
    # Files of 0.95 × 50 GiB ÷ 8 - 16 MiB, less 16 MiB for growth and 32 MiB for the newest request; half of that.
    exporters = routes_of("prod").exporters
    assert {part["sending_queue"]["queue_size"] for part in exporters.values()} == {3_154_116_608}
    assert len(exporters) == 8


@pytest.mark.parametrize("tiers", [{}, NO_LONG_TERM], ids=["two tiers", "one tier"])
@pytest.mark.parametrize("tenancy", [TWO_TEAMS, ONE_TENANT], ids=["by namespace", "single"])
def test_there_are_as_many_queues_as_the_plan_divides_the_volume_by(
    tenancy: dict[str, Any], tiers: dict[str, Any]
) -> None:
    changes = tenancy | tiers
    assert len(routes_of("prod", changes).exporters) == tenant_count(settings_of("prod", changes))


@pytest.mark.parametrize(
    ("stack", "host"),
    [("dojo", "tempo.fawkes-observability.svc"), ("prod", "tempo-distributor.fawkes-observability.svc")],
)
def test_spans_go_to_the_process_that_takes_them(stack: str, host: str) -> None:
    assert {part["endpoint"] for part in routes_of(stack).exporters.values()} == {f"{host}:4317"}
