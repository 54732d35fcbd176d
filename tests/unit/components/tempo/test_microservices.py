"""Tempo in microservices mode: the objects of each planned workload, and how processes find each other."""

from typing import Any

import pulumi
import pytest

from tests.support.tempo_workloads import (
    MONITORED,
    TEMPO_2,
    TEMPO_3,
    container,
    matches,
    pod_labels,
    recorded,
    servers,
    service,
    spec,
    tempo_2,
    tempo_3,
)


def test_a_tempo_2_becomes_the_workloads_that_were_planned() -> None:
    assert servers(tempo_2()) == {
        "tempo-distributor": ("Deployment", 2),
        "tempo-ingester": ("StatefulSet", 3),
        "tempo-querier": ("Deployment", 2),
        "tempo-query-frontend": ("Deployment", 2),
        "tempo-compactor": ("Deployment", 1),
        "tempo-metrics-generator": ("Deployment", 1),
        "tempo-memcached": ("StatefulSet", 3),
    }


def test_a_tempo_3_becomes_the_workloads_that_were_planned() -> None:
    assert servers(tempo_3()) == {
        "tempo-distributor": ("Deployment", 1),
        "tempo-live-store-zone-a": ("StatefulSet", 2),
        "tempo-live-store-zone-b": ("StatefulSet", 2),
        "tempo-block-builder": ("StatefulSet", 2),
        "tempo-querier": ("Deployment", 1),
        "tempo-query-frontend": ("Deployment", 1),
        "tempo-backend-scheduler": ("StatefulSet", 1),
        "tempo-backend-worker": ("StatefulSet", 1),
        "tempo-memcached": ("StatefulSet", 3),
    }


def test_an_autoscaler_has_the_replicas_that_were_planned() -> None:
    scaler = tempo_2().one("tempo-distributor-autoscaler")
    assert scaler.inputs["spec"] == {
        "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "tempo-distributor"},
        "minReplicas": 2,
        "maxReplicas": 6,
        "metrics": [
            {
                "type": "Resource",
                "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 60}},
            }
        ],
        "behavior": {
            "scaleDown": {
                "stabilizationWindowSeconds": 600,
                "policies": [{"type": "Pods", "value": 1, "periodSeconds": 300}],
            }
        },
    }


def test_an_autoscaled_component_has_its_autoscaler_even_if_the_load_needs_no_more() -> None:
    """A load that adds or removes an autoscaler would change who owns the number of replicas: docs/adr/0016."""
    limits = {
        one.inputs["metadata"]["name"]: (one.inputs["spec"]["minReplicas"], one.inputs["spec"]["maxReplicas"])
        for one in tempo_2().of_type("HorizontalPodAutoscaler")
    }
    assert limits == {"tempo-distributor": (2, 6), "tempo-querier": (2, 2)}


def test_only_a_workload_with_an_autoscaler_keeps_the_replicas_that_it_has() -> None:
    """Otherwise each `up` would undo the autoscaler's change, or leave a changed number of ingesters unapplied."""
    for recorder in (tempo_2(), tempo_3()):
        kept = {
            one.inputs["metadata"]["name"]
            for kind in ("Deployment", "StatefulSet")
            for one in recorder.of_type(kind)
            if one.ignored == ("spec.replicas",)
        }
        scaled = {
            one.inputs["spec"]["scaleTargetRef"]["name"] for one in recorder.of_type("HorizontalPodAutoscaler")
        }
        assert kept == scaled


def test_an_autoscaler_names_the_kind_of_its_workload() -> None:
    """Backend workers are a StatefulSet: with another kind, the autoscaler would find no workload."""
    (scaler,) = tempo_3().of_type("HorizontalPodAutoscaler")
    assert scaler.inputs["spec"]["scaleTargetRef"] == {
        "apiVersion": "apps/v1",
        "kind": "StatefulSet",
        "name": "tempo-backend-worker",
    }


def test_only_what_runs_more_than_once_has_a_budget() -> None:
    """A budget over a single Pod can only keep its node from being drained."""
    budgets = {
        one.inputs["metadata"]["name"]: one.inputs["spec"] for one in tempo_2().of_type("PodDisruptionBudget")
    }
    assert set(budgets) == {
        "tempo-distributor",
        "tempo-ingester",
        "tempo-querier",
        "tempo-query-frontend",
        "tempo-memcached",
    }
    assert {spec["maxUnavailable"] for spec in budgets.values()} == {1}
    assert matches(budgets["tempo-ingester"]["selector"], pod_labels(tempo_2(), "ingester"))
    assert not matches(budgets["tempo-ingester"]["selector"], pod_labels(tempo_2(), "querier"))


def test_both_zones_of_live_stores_share_one_budget() -> None:
    """With one budget each, a drain could evict both Pods that hold a partition."""
    budget = next(
        one
        for one in tempo_3().of_type("PodDisruptionBudget")
        if one.inputs["metadata"]["name"] == "tempo-live-store"
    )
    for zone in ("live-store-zone-a", "live-store-zone-b"):
        assert matches(budget.inputs["spec"]["selector"], pod_labels(tempo_3(), zone))


def test_zones_of_live_stores_are_updated_one_after_the_other() -> None:
    """Each partition has a live store in either zone: one of the two must keep answering."""
    needs = {urn.rpartition("::")[2] for urn in tempo_3().one("tempo-live-store-zone-b").dependencies}
    assert "tempo-live-store-zone-a-server" in needs
    assert not tempo_3().one("tempo-live-store-zone-a").dependencies


def test_ingesters_start_together() -> None:
    """Started in order, an ingester that cannot start would block those after it."""
    assert spec(tempo_2(), "tempo-ingester-server")["podManagementPolicy"] == "Parallel"


def test_an_update_of_a_deployment_never_has_fewer_than_planned() -> None:
    """With a single replica, one Pod fewer would be downtime."""
    for one in tempo_2().of_type("Deployment"):
        assert one.inputs["spec"]["strategy"] == {
            "type": "RollingUpdate",
            "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0},
        }
        assert one.inputs["spec"]["minReadySeconds"] == 10


def test_every_workload_has_a_service_of_its_own_pods() -> None:
    """A selector that also matched other Pods would send them requests that they cannot answer."""
    for one in TEMPO_2:
        spec_of_one = service(tempo_2(), f"tempo-{one.name}")
        chosen = [
            other.name
            for other in TEMPO_2
            if pod_labels(tempo_2(), other.name).items() >= spec_of_one["selector"].items()
        ]
        assert chosen == [one.name]
        listening = {port["name"] for port in container(tempo_2(), one.name)["ports"]}
        assert {port["targetPort"] for port in spec_of_one["ports"]} <= listening


def test_a_replicas_own_name_comes_from_its_service() -> None:
    """Only a headless Service gives each Pod the name that a StatefulSet promises it."""
    assert spec(tempo_2(), "tempo-ingester-server")["serviceName"] == "tempo-ingester"
    assert service(tempo_2(), "tempo-ingester")["clusterIP"] == "None"


def test_gateways_learn_of_each_distributor() -> None:
    """A headless Service resolves to every Pod, so gateways can spread their load over all of them."""
    found = service(tempo_2(), "tempo-distributor")
    assert found["clusterIP"] == "None"
    assert {port["name"]: port["port"] for port in found["ports"]} == {
        "http": 3200,
        "grpc": 9095,
        "otlp-grpc": 4317,
        "otlp-http": 4318,
    }


def test_nobody_but_distributors_takes_spans() -> None:
    """Distributors replicate spans and enforce the tenants' limits."""
    for one in TEMPO_2[1:]:
        assert not {4317, 4318} & {port["containerPort"] for port in container(tempo_2(), one.name)["ports"]}


@pytest.mark.parametrize(
    ("recorder", "members"),
    [
        (tempo_2, ["distributor", "ingester", "querier", "compactor", "metrics-generator"]),
        (
            tempo_3,
            [
                "distributor",
                "live-store-zone-a",
                "live-store-zone-b",
                "block-builder",
                "querier",
                "backend-worker",
            ],
        ),
    ],
    ids=["2", "3"],
)
def test_gossip_finds_all_members_ready_or_not(recorder: Any, members: list[str]) -> None:
    """Members that start together must find each other before any of them is ready."""
    found = service(recorder(), "tempo-gossip")
    assert found["clusterIP"] == "None"
    assert found["publishNotReadyAddresses"] is True
    assert [port["port"] for port in found["ports"]] == [7946]
    workloads = TEMPO_2 if recorder is tempo_2 else TEMPO_3
    chosen = [
        one.name for one in workloads if pod_labels(recorder(), one.name).items() >= found["selector"].items()
    ]
    assert chosen == members
    for name in members:
        assert {"name": "gossip", "containerPort": 7946} in container(recorder(), name)["ports"]


def test_queriers_find_each_frontend_ready_or_not() -> None:
    """A frontend is not ready until a querier connects: if queriers waited for readiness, neither would start."""
    found = service(tempo_2(), "tempo-query-frontend-discovery")
    assert found["clusterIP"] == "None"
    assert found["publishNotReadyAddresses"] is True
    assert pod_labels(tempo_2(), "query-frontend").items() >= found["selector"].items()
    assert [port["port"] for port in found["ports"]] == [9095]


def test_the_endpoints_are_distributors_and_frontends() -> None:
    assert tempo_2().outputs[tempo_2().one("tempo").urn] == {
        "http_endpoint": "http://tempo-query-frontend.tracing-tests.svc:3200",
        "otlp_endpoint": "tempo-distributor.tracing-tests.svc:4317",
    }


def test_each_workload_is_scraped_once_as_the_job_that_tempos_dashboards_know() -> None:
    """A workload that is scraped twice is counted twice."""
    recorder = recorded(TEMPO_3, grafana=MONITORED)
    jobs = {}
    for one in recorder.of_type("ServiceMonitor"):
        (endpoint,) = one.inputs["spec"]["endpoints"]
        scraped = [
            other.inputs["metadata"]["name"]
            for other in recorder.of_type("Service")
            if matches(one.inputs["spec"]["selector"], other.inputs["metadata"]["labels"])
        ]
        jobs[tuple(scraped)] = endpoint["relabelings"][0]["replacement"]
    assert jobs == {
        ("tempo-distributor",): "$1/distributor",
        ("tempo-live-store-zone-a",): "$1/live-store",
        ("tempo-live-store-zone-b",): "$1/live-store",
        ("tempo-block-builder",): "$1/block-builder",
        ("tempo-querier",): "$1/querier",
        ("tempo-query-frontend",): "$1/query-frontend",
        ("tempo-backend-scheduler",): "$1/backend-scheduler",
        ("tempo-backend-worker",): "$1/backend-worker",
    }


def test_without_the_operator_there_are_no_monitors() -> None:
    """A cluster without the Prometheus operator does not know the kind and rejects the object."""
    assert not tempo_2().of_type("ServiceMonitor")


def test_every_child_belongs_to_its_component_and_every_component_says_its_outputs() -> None:
    by_urn = {found.urn: found for found in tempo_2().registrations}
    children = [found for found in tempo_2().registrations if found.name.startswith("tempo-")]
    assert len(children) > 30
    for child in children:
        parent = by_urn[child.parent]
        assert child.name.startswith(f"{parent.name}-")
        assert parent.type.startswith("fawkes:tracing:")
    components = [found for found in tempo_2().registrations if found.type.startswith("fawkes:tracing:")]
    assert len(components) == 8
    for component in components:
        assert tempo_2().outputs[component.urn]


def test_a_callers_options_stay_with_the_component() -> None:
    recorder = recorded(TEMPO_2, pulumi.ResourceOptions(aliases=[pulumi.Alias(name="before")]))
    usual = {one.name: one.aliases for one in tempo_2().registrations if one.name.startswith("tempo-")}
    assert recorder.one("tempo").aliases == 1
    assert {one.name: one.aliases for one in recorder.registrations if one.name.startswith("tempo-")} == usual
