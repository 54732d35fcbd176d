"""The ServiceMonitor by which the platform's Prometheus scrapes a component."""

import pulumi

from components.context import Context
from components.kubernetes.scope import Scope
from components.kubernetes.service_monitor import service_monitor
from settings.cluster import Cluster
from settings.environment import Environment
from settings.grafana import Grafana
from snapshot.program import record
from snapshot.recorder import Recorder

ENVIRONMENT = Environment(name="test", team="platform", protect_stateful=False, retain_stateful_on_delete=False)


def recorded(grafana: Grafana) -> Recorder:
    context = Context(
        namespace="tracing-tests",
        environment=ENVIRONMENT,
        grafana=grafana,
        cluster=Cluster(),
        pull_secrets=(),
    )

    def program() -> None:
        parent = pulumi.ComponentResource("fawkes:tracing:Parent", "it")
        scope = Scope(parent=parent, name="it", context=context, component="otel-gateway")
        service_monitor(scope, port="metrics", job="gateway")

    return record(program, {}, "test")


def test_a_monitor_names_the_service_by_its_labels_and_the_job_by_its_namespace() -> None:
    """The published dashboards select metrics by the job `<namespace>/<job>`."""
    found = recorded(Grafana(service_monitors=True)).one("it-monitor")
    assert found.type == "kubernetes:monitoring.coreos.com/v1:ServiceMonitor"
    assert found.inputs["apiVersion"] == "monitoring.coreos.com/v1"
    assert found.inputs["spec"] == {
        "selector": {
            "matchLabels": {
                "app.kubernetes.io/name": "otel-gateway",
                "app.kubernetes.io/instance": "fawkes-tracing",
            }
        },
        "endpoints": [
            {
                "port": "metrics",
                "path": "/metrics",
                "relabelings": [
                    {
                        "sourceLabels": ["__meta_kubernetes_namespace"],
                        "targetLabel": "job",
                        "replacement": "$1/gateway",
                    }
                ],
            }
        ],
    }


def test_the_platforms_prometheus_finds_it_by_its_release() -> None:
    """A Prometheus of the operator selects monitors by their `release` label."""
    grafana = Grafana(service_monitors=True, prometheus_release="kube-prometheus")
    metadata = recorded(grafana).one("it-monitor").inputs["metadata"]
    assert metadata["labels"]["release"] == "kube-prometheus"
    assert metadata["labels"]["app.kubernetes.io/part-of"] == "fawkes-tracing"
    assert (metadata["name"], metadata["namespace"]) == ("otel-gateway", "tracing-tests")


def test_it_belongs_to_its_parent() -> None:
    recorder = recorded(Grafana(service_monitors=True))
    assert recorder.one("it-monitor").parent == recorder.one("it").urn


def test_where_the_cluster_may_not_know_the_kind_there_is_none() -> None:
    """Without the Prometheus operator's CRDs, the API server rejects the object."""
    assert not recorded(Grafana(service_monitors=False)).of_type("ServiceMonitor")
