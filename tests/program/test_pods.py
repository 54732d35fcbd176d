"""Kubernetes' requirements on the Pods of every stack: DNS names, ports that probes find, grace periods."""

from typing import Any

import pytest
import yaml

from plan.plan import make_plan
from render.collectors.agent import GATEWAY_TIMEOUT_SECONDS
from snapshot.recorder import Recorder
from tests.support.programs import SERVERS, pod, pod_labels, recorded, workloads
from tests.support.stacks import STACKS, settings_of

# CPU to scrub a span that is kept, as measured (settings/collectors.py).
SCRUB_SECONDS = 0.00025
# The OTLP exporter's default time-out.
EXPORT_SECONDS = 5
# Kubernetes' own default.
USUAL_GRACE_SECONDS = 30

every_stack = pytest.mark.parametrize("stack", STACKS)
PROBES = ("readinessProbe", "livenessProbe")


def services(recorder: Recorder) -> dict[tuple[str, str], dict[str, Any]]:
    """Return the spec of every Service by its namespace and name."""
    found = [one.inputs for one in recorder.of_type("Service")]
    return {(one["metadata"]["namespace"], one["metadata"]["name"]): one["spec"] for one in found}


def grace(recorder: Recorder, name: str) -> int:
    """Return the termination grace period of a workload's Pods, in seconds."""
    return int(pod(recorder.one(name))["terminationGracePeriodSeconds"])


@every_stack
def test_every_stateful_set_is_governed_by_a_headless_service_of_its_own_pods(stack: str) -> None:
    """Only a headless Service gives each Pod the name that a StatefulSet promises it."""
    recorder = recorded(stack)
    for one in workloads(recorder, ("StatefulSet",)):
        namespace = one.inputs["metadata"]["namespace"]
        governing = services(recorder)[namespace, one.inputs["spec"]["serviceName"]]
        assert governing["clusterIP"] == "None", one.name
        assert governing["selector"], one.name
        chosen = [w.name for w in workloads(recorder) if governing["selector"].items() <= pod_labels(w).items()]
        assert chosen == [one.name]


@every_stack
def test_no_workload_waits_for_a_service(stack: str) -> None:
    """The provider lets a Service wait for its Pods: a workload that depends on it would wait for itself."""
    recorder = recorded(stack)
    of_services = {one.urn for one in recorder.of_type("Service")}
    assert of_services
    assert [one.name for one in workloads(recorder) if of_services & set(one.dependencies)] == []


@every_stack
def test_only_what_must_find_each_other_at_a_start_is_listed_before_it_is_ready(stack: str) -> None:
    """Any other Service would send spans and queries to a process that cannot take them yet."""
    unready = {name for (_, name), one in services(recorded(stack)).items() if one.get("publishNotReadyAddresses")}
    microservices = {"tempo-gossip", "tempo-query-frontend-discovery"}
    assert unready == (set() if stack == "dojo" else microservices)


@every_stack
def test_every_service_leads_to_ports_that_its_pods_declare(stack: str) -> None:
    """A Service with a port that no container declares has no endpoints, and nothing reports it."""
    recorder = recorded(stack)
    for (_, name), service in services(recorder).items():
        behind = [w for w in workloads(recorder) if service["selector"].items() <= pod_labels(w).items()]
        assert behind, name
        for workload in behind:
            (container,) = pod(workload)["containers"]
            declared = {port["name"]: port["containerPort"] for port in container["ports"]}
            for port in service["ports"]:
                assert declared[port["targetPort"]] == port["port"], name


@every_stack
def test_every_probe_asks_a_declared_port_by_its_name(stack: str) -> None:
    """A probe by number would not follow a port that changes."""
    for workload in workloads(recorded(stack), SERVERS):
        (container,) = pod(workload)["containers"]
        declared = [port["name"] for port in container["ports"]]
        assert len(set(declared)) == len(declared), workload.name
        for probe in PROBES:
            (how,) = [container[probe][way] for way in ("httpGet", "tcpSocket") if way in container[probe]]
            assert how["port"] in declared, workload.name


@every_stack
def test_the_collectors_answer_probes_where_their_texts_say_and_only_to_the_kubelet(stack: str) -> None:
    """The kubelet connects to Pods directly, so no Service needs the port."""
    recorder = recorded(stack)
    for name in ("agent", "gateway"):
        (workload,) = [w for w in workloads(recorder) if w.name in {f"{name}-daemon", f"{name}-server"}]
        (container,) = pod(workload)["containers"]
        (health,) = [port for port in container["ports"] if port["name"] == "health"]
        config = recorder.one(f"{name}-config").inputs["data"]["collector.yaml"]
        assert f"endpoint: :{health['containerPort']}" in config
        assert {container[probe]["httpGet"]["port"] for probe in PROBES} == {"health"}
        assert "health" not in {port["name"] for port in recorder.one(f"{name}-service").inputs["spec"]["ports"]}


@every_stack
def test_every_server_says_how_long_it_may_take_to_end(stack: str) -> None:
    """A server that is killed before it exits loses the data in its memory."""
    slow = {"tempo-ingester-server": 300, "tempo-metrics-generator-server": 300}
    expected = slow | {
        "agent-daemon": 30,
        "gateway-server": 60,
        # A monolith's query frontend never exits by itself: more time would only lengthen a restart.
        "tempo-server": 20,
        "store-minio-server": 30,
        "tempo-memcached-server": 30,
        "synthetic-check-server": 30,
    }
    for workload in workloads(recorded(stack), SERVERS):
        assert pod(workload)["terminationGracePeriodSeconds"] == expected.get(workload.name, 60), workload.name


@every_stack
def test_a_gateway_has_time_to_decide_on_everything_it_holds_at_the_peak(stack: str) -> None:
    """A stopping gateway decides on all its traces at once, then scrubs and exports the kept ones."""
    settings = settings_of(stack)
    plan = make_plan(settings)
    held = plan.gateway.traces_in_flight * plan.traffic.kept_share_in_incident * settings.load.spans_per_trace
    scrubbing = held * SCRUB_SECONDS / plan.gateway.sampler_shards
    assert scrubbing + EXPORT_SECONDS < grace(recorded(stack), "gateway-server")


@every_stack
def test_an_agent_has_time_to_end_what_is_under_way_to_a_gateway(stack: str) -> None:
    """Less would cut off requests; more would only delay the drain of a node."""
    assert GATEWAY_TIMEOUT_SECONDS < grace(recorded(stack), "agent-daemon") <= USUAL_GRACE_SECONDS


@pytest.mark.parametrize("stack", ["staging", "prod"])
def test_every_process_of_tempo_outlives_the_delay_with_which_it_stops(stack: str) -> None:
    """During the delay it still accepts requests, and each of them may take 30 seconds."""
    recorder = recorded(stack)
    delay = yaml.safe_load(recorder.one("tempo-config").inputs["data"]["tempo.yaml"])["shutdown_delay"]
    processes = [w for w in workloads(recorder) if w.name.startswith("tempo-") and "memcached" not in w.name]
    assert len(processes) > 5
    for one in processes:
        assert grace(recorder, one.name) > int(delay.removesuffix("s")) + 30, one.name
