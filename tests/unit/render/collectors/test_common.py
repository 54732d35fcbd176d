"""Configurations of both collectors: complete pipelines, in an order in which nothing leaves unscrubbed."""

import re
from typing import Any

import pytest
import yaml
from hypothesis import given

from plan.plan import make_plan
from render.collectors.agent import GATEWAY_TIMEOUT_SECONDS, agent_config
from render.collectors.common import literal
from render.collectors.gateway import gateway_config
from render.collectors.scrubbing import scrubbing
from render.files import render
from settings.stack import StackSettings
from tests.support.stacks import UNMONITORED, settings_of
from tests.support.strategies import valid_settings
from tests.support.tempo_configs import seconds

KINDS = ("receivers", "processors", "exporters")


def collectors(settings: StackSettings) -> list[dict[str, Any]]:
    """Return the configurations of agent and gateway."""
    return [agent_config(settings), gateway_config(settings, make_plan(settings))]


def exports(pipeline: dict[str, Any]) -> bool:
    """Return whether a pipeline sends to Tempo."""
    return any(name.startswith("otlp_grpc/") for name in pipeline["exporters"])


@given(settings=valid_settings())
def test_pipelines_use_exactly_what_is_defined(settings: StackSettings) -> None:
    for config in collectors(settings):
        pipelines = config["service"]["pipelines"].values()
        # A connector is an exporter of one pipeline and a receiver of another.
        connectors = set(config.get("connectors", {}))
        for kind in KINDS:
            used = {name for pipeline in pipelines for name in pipeline.get(kind, [])}
            assert used - connectors == set(config.get(kind, {}))
        assert set(config["service"]["extensions"]) == set(config["extensions"])


@given(settings=valid_settings())
def test_every_queue_is_on_a_disk_that_is_defined_and_has_room_for_it(settings: StackSettings) -> None:
    volumes = (
        settings.collectors.agent.queue_volume_mib * 2**20,
        settings.collectors.gateway.queue_volume_gib * 2**30,
    )
    for config, volume in zip(collectors(settings), volumes, strict=True):
        # Prometheus comes for span metrics; everything else is sent.
        sent = {name: part for name, part in config["exporters"].items() if name != "prometheus/span_metrics"}
        queues = [exporter["sending_queue"] for exporter in sent.values()]
        assert {queue["storage"] for queue in queues} <= set(config["extensions"])
        files = config["extensions"]["file_storage"]["max_size"]
        assert 0 < files * len(queues) < volume
        assert all(0 < queue["queue_size"] <= files / 2 for queue in queues)


@given(settings=valid_settings())
def test_every_pipeline_refuses_before_it_takes_memory(settings: StackSettings) -> None:
    """The memory limiter protects only the processors behind it."""
    for config in collectors(settings):
        received = [p for p in config["service"]["pipelines"].values() if "otlp" in p["receivers"]]
        assert received
        assert all(pipeline["processors"][0] == "memory_limiter" for pipeline in received)


@given(settings=valid_settings())
def test_the_gateway_scrubs_what_is_kept_before_anything_leaves_or_is_stored(settings: StackSettings) -> None:
    """Every other pipeline begins with what this one has scrubbed. A queue is written in batches only."""
    pipelines = gateway_config(settings, make_plan(settings))["service"]["pipelines"]
    assert [name for name, pipeline in pipelines.items() if "otlp" in pipeline["receivers"]] == ["traces"]
    processors = pipelines["traces"]["processors"]
    scrubbers = list(scrubbing(settings.scrubbing))
    assert processors[: len(scrubbers) + 2] == ["memory_limiter", "tail_sampling", *scrubbers]
    assert processors[len(scrubbers) + 2 :] in ([], ["batch"])
    batched = {
        name
        for pipeline in pipelines.values()
        if "batch" in pipeline["processors"]
        for name in pipeline["exporters"]
    }
    for pipeline in filter(exports, pipelines.values()):
        assert pipeline["processors"][-1] == "batch" or set(pipeline["receivers"]) <= batched


def test_an_agent_asks_only_for_its_own_nodes_pods() -> None:
    """A watch on all Pods would keep the whole cluster in every agent's memory."""
    assert agent_config(settings_of("prod"))["processors"]["k8s_attributes"]["filter"] == {
        "node_from_env_var": "K8S_NODE_NAME"
    }


def test_an_agent_says_deployments_by_their_replica_sets_names_which_it_may_not_read() -> None:
    extract = agent_config(settings_of("prod"))["processors"]["k8s_attributes"]["extract"]
    assert extract["deployment_name_from_replicaset"] is True
    assert "k8s.deployment.name" in extract["metadata"]


@pytest.mark.parametrize(("collector", "mib"), [(0, 8), (1, 32)], ids=["agent", "gateway"])
def test_a_collector_takes_requests_of_the_same_size_over_both_protocols(collector: int, mib: int) -> None:
    """A gateway takes more: an agent adds the names of the Pod to each resource of a request."""
    protocols = collectors(settings_of("prod"))[collector]["receivers"]["otlp"]["protocols"]
    assert protocols["grpc"]["max_recv_msg_size_mib"] == mib
    assert protocols["http"]["max_request_body_size"] == mib * 2**20


def test_every_exporter_pauses_longer_after_each_refusal_and_never_gives_up() -> None:
    """`load_balancing` has no defaults for the two factors: unset they are 0, and it retries every second."""
    for config in collectors(settings_of("prod")):
        # Prometheus comes for span metrics; everything else is sent.
        for exporter in (part for name, part in config["exporters"].items() if name != "prometheus/span_metrics"):
            retry = exporter["retry_on_failure"]
            assert (retry["multiplier"], retry["randomization_factor"], retry["max_elapsed_time"]) == (2, 0.5, 0)


@given(settings=valid_settings())
def test_an_agent_drops_what_tempo_refuses_before_anything_else_but_the_limiter(settings: StackSettings) -> None:
    """Behind it spans of several senders may share a request, and Tempo refuses whole requests."""
    for pipeline in agent_config(settings)["service"]["pipelines"].values():
        if "otlp" in pipeline["receivers"]:
            assert pipeline["processors"][:2] == ["memory_limiter", "filter/invalid"]


def test_a_collectors_own_metrics_are_called_as_alerts_and_dashboards_call_them() -> None:
    """Explicit, because the defaults changed twice: names include units and `_total`."""
    for config in collectors(settings_of("prod")):
        (reader,) = config["service"]["telemetry"]["metrics"]["readers"]
        prometheus = reader["pull"]["exporter"]["prometheus"]
        switches = {name: value for name, value in prometheus.items() if name.startswith("without_")}
        assert switches == {
            "without_type_suffix": False,
            "without_units": False,
            "without_scope_info": True,
        }


def test_a_queue_finds_its_folder_on_an_empty_volume_and_gives_its_disk_back() -> None:
    for config in collectors(settings_of("prod")):
        disk = config["extensions"]["file_storage"]
        assert disk["create_directory"] is True
        compaction = disk["compaction"]
        assert compaction["on_rebound"] is True
        assert compaction["directory"] == disk["directory"]
        # A copy that a killed collector leaves would take the room of the next one.
        assert compaction["cleanup_on_start"] is True


def test_a_power_cut_cannot_damage_what_a_gateway_queues() -> None:
    """Agents do not flush, because each small request would wait for six flushes."""
    agent, gateway = (config["extensions"]["file_storage"] for config in collectors(settings_of("prod")))
    assert gateway["fsync"] is True
    assert agent["fsync"] is False


def test_a_batch_is_bounded_also_by_a_trace_that_is_not() -> None:
    """The sampler releases a trace whole, however large."""
    batch = gateway_config(settings_of("prod"), make_plan(settings_of("prod")))["processors"]["batch"]
    assert 0 < batch["send_batch_size"] <= batch["send_batch_max_size"] == 4096


def test_the_agent_routes_by_trace_and_retries_only_where_it_can_route_anew() -> None:
    exporter = agent_config(settings_of("prod"))["exporters"]["load_balancing"]
    assert exporter["routing_key"] == "traceID"
    assert exporter["protocol"]["otlp"]["sending_queue"] == {"enabled": False}
    assert exporter["protocol"]["otlp"]["retry_on_failure"] == {"enabled": False}
    assert exporter["retry_on_failure"]["max_elapsed_time"] == 0


def test_an_agent_learns_of_a_dead_gateway_before_it_tries_again_for_the_last_time() -> None:
    """The longest pauses are 15 to 45 s: by then the agent must have the addresses of live gateways."""
    exporter = agent_config(settings_of("prod"))["exporters"]["load_balancing"]
    asks = exporter["resolver"]["dns"]
    assert (asks["interval"], asks["timeout"]) == ("5s", "2s")
    retry = exporter["retry_on_failure"]
    shortest_of_the_last = seconds(retry["max_interval"]) * (1 - retry["randomization_factor"])
    assert shortest_of_the_last == 15
    assert seconds(asks["interval"]) + seconds(asks["timeout"]) + GATEWAY_TIMEOUT_SECONDS < shortest_of_the_last
    assert exporter["protocol"]["otlp"]["timeout"] == f"{GATEWAY_TIMEOUT_SECONDS}s"


def test_a_slow_dns_is_not_asked_again_before_it_is_given_up() -> None:
    """The collector's default timeout of 1 s is too short for a DNS server that is starting."""
    asks = agent_config(settings_of("prod"))["exporters"]["load_balancing"]["resolver"]["dns"]
    assert 1 < seconds(asks["timeout"]) < seconds(asks["interval"])


def test_where_namespaces_are_tenants_the_agent_believes_nothing_an_application_says_of_its_pod() -> None:
    config = agent_config(settings_of("prod"))
    assert config["service"]["pipelines"]["traces"]["processors"] == [
        "memory_limiter",
        "filter/invalid",
        "resource/claims",
        "k8s_attributes",
    ]
    assert config["processors"]["k8s_attributes"]["pod_association"] == [{"sources": [{"from": "connection"}]}]


@pytest.mark.parametrize(
    ("attribute", "deleted"),
    [
        ("k8s.namespace.name", True),
        ("k8s.pod.ip", True),
        ("k8s.pod.uid", True),
        ("k8s.pod.name", True),
        ("k8s.deployment.name", True),
        ("k8s.node.name", True),
        # Only the application knows in which container of its Pod it runs.
        ("k8s.container.name", False),
        ("k8s-namespace-name", False),
        ("k8s.namespace.name.old", False),
        ("my.k8s.namespace.name", False),
    ],
)
def test_the_claims_that_are_deleted_are_those_of_the_pod(attribute: str, deleted: bool) -> None:  # noqa: FBT001
    """By pattern: deleting by name leaves the second of two attributes with that name."""
    (action,) = agent_config(settings_of("prod"))["processors"]["resource/claims"]["attributes"]
    assert set(action) == {"action", "pattern"}
    assert action["action"] == "delete"
    assert bool(re.search(action["pattern"].replace("$$", "$"), attribute)) is deleted


def test_with_one_tenant_an_application_may_say_which_pod_it_is() -> None:
    """Spans through a relay come from the relay's address, and there is no tenant to protect."""
    config = agent_config(settings_of("dojo", UNMONITORED))
    assert list(config["processors"]) == ["memory_limiter", "filter/invalid", "k8s_attributes"]
    assert config["processors"]["k8s_attributes"]["pod_association"] == [
        {"sources": [{"from": "resource_attribute", "name": "k8s.pod.ip"}]},
        {"sources": [{"from": "resource_attribute", "name": "k8s.pod.uid"}]},
        {"sources": [{"from": "connection"}]},
    ]


@pytest.mark.parametrize(
    ("text", "doubled"), [("plain", "plain"), ("$HOME", "$$HOME"), ("${env:X}$", "$${env:X}$$")]
)
def test_a_dollar_is_doubled_because_the_collector_expands_it(text: str, doubled: str) -> None:
    assert literal(text) == doubled


@given(settings=valid_settings())
def test_no_single_dollar_reaches_a_collector(settings: StackSettings) -> None:
    rendered = render(settings, make_plan(settings))
    for text in (rendered.agent, rendered.gateway):
        assert "$" not in str(yaml.load(text, yaml.CSafeLoader)).replace("$$", "")
