from typing import Any

from lab.node.discovery import target_groups

KEY = ("tracing", "otel-agent")
SERVICES: dict[tuple[str, str], Any] = {
    KEY: {"metadata": {"labels": {"app.kubernetes.io/name": "otel-agent"}}},
}
PODS: dict[tuple[str, str], Any] = {
    ("tracing", "otel-agent-x"): {
        "spec": {
            "nodeName": "node-1",
            "containers": [{"name": "collector", "ports": [{"containerPort": 8888}, {"containerPort": 8889}]}],
        },
        "status": {"phase": "Running"},
    },
}


def endpoints(**address: Any) -> dict[tuple[str, str], Any]:
    """Return a Service with one address and two ports."""
    ports = [{"name": "metrics", "port": 8888}, {"name": "span-metrics", "port": 8889}]
    return {KEY: {"subsets": [{"addresses": [{"ip": "10.0.0.5", **address}], "ports": ports}]}}


def test_each_port_of_a_pod_is_a_target_with_the_labels_that_monitors_select_by() -> None:
    target = {"targetRef": {"kind": "Pod", "namespace": "tracing", "name": "otel-agent-x"}}
    first, second = target_groups(endpoints(**target), SERVICES, PODS)
    assert first["targets"] == ["10.0.0.5:8888"]
    assert first["labels"] == {
        "__meta_kubernetes_namespace": "tracing",
        "__meta_kubernetes_service_name": "otel-agent",
        "__meta_kubernetes_service_label_app_kubernetes_io_name": "otel-agent",
        "__meta_kubernetes_pod_name": "otel-agent-x",
        "__meta_kubernetes_pod_node_name": "node-1",
        "__meta_kubernetes_pod_phase": "Running",
        "__meta_kubernetes_pod_container_name": "collector",
        "__meta_kubernetes_endpoint_port_name": "metrics",
    }
    assert second["labels"]["__meta_kubernetes_endpoint_port_name"] == "span-metrics"


def test_an_address_without_a_pod_is_a_target_too() -> None:
    """Prometheus' own Service has one."""
    first, _ = target_groups(endpoints(), SERVICES, PODS)
    assert "__meta_kubernetes_pod_name" not in first["labels"]


def test_a_service_without_addresses_has_no_target() -> None:
    assert list(target_groups({KEY: {"subsets": None}}, SERVICES, PODS)) == []


def test_an_address_that_is_not_ready_stays_a_target() -> None:
    """Otherwise a process that hangs would be gone instead of down."""
    (subset,) = endpoints()[KEY]["subsets"]
    unready = {"notReadyAddresses": subset["addresses"], "ports": subset["ports"]}
    ready = [*target_groups(endpoints(), SERVICES, PODS)]
    assert [*target_groups({KEY: {"subsets": [unready]}}, SERVICES, PODS)] == ready
