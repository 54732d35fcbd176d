"""Tempo's cache: stable names, room for large items, and no permissions."""

from typing import Any

import pytest

from components.tempo.memcached import Memcached, MemcachedArgs
from plan.plan import make_plan
from render.tempo.config import tempo_config
from snapshot.program import record
from snapshot.recorder import Recorder
from tests.support.components import context_of
from tests.support.stacks import settings_of
from tests.support.tempo_workloads import matches

# An environment that protects and retains stateful resources, which a cache is not.
CONTEXT = context_of(settings_of("prod"))


def recorded(replicas: int = 3) -> Recorder:
    args = MemcachedArgs(
        context=CONTEXT,
        image="memcached:1",
        replicas=replicas,
        service_account="tempo-compute",
    )
    return record(lambda: Memcached("cache", args), {}, "test")


def pod(recorder: Recorder) -> dict[str, Any]:
    return dict(recorder.one("cache-server").inputs["spec"]["template"]["spec"])


def container(recorder: Recorder) -> dict[str, Any]:
    (found,) = pod(recorder)["containers"]
    return dict(found)


def test_each_server_has_a_name_that_it_keeps() -> None:
    """Tempo hashes cache keys over the server names: new names would move most keys to another server."""
    server, service = recorded().one("cache-server"), recorded().one("cache-service")
    assert server.type == "kubernetes:apps/v1:StatefulSet"
    assert server.inputs["spec"]["serviceName"] == service.inputs["metadata"]["name"] == "tempo-memcached"
    assert service.inputs["spec"]["clusterIP"] == "None"
    assert service.inputs["spec"]["ports"] == [{"name": "client", "port": 11211, "targetPort": "client"}]


def test_tempo_asks_the_dns_for_each_server_by_the_name_of_its_port() -> None:
    """DNS has one SRV record per server, so Tempo addresses each server and shares the items among them."""
    service = recorded(replicas=2).one("cache-service").inputs
    settings = settings_of("prod")
    (cache,) = tempo_config(settings, make_plan(settings))["cache"]["caches"]
    assert cache["memcached"]["host"] == f"{service['metadata']['name']}.{settings.environment.namespace}.svc"
    assert [cache["memcached"]["service"]] == [port["name"] for port in service["spec"]["ports"]]
    assert cache["memcached"]["consistent_hash"] is True


def test_a_drain_takes_one_of_two_servers_at_a_time() -> None:
    """The other server keeps its share of the items."""
    recorder = recorded(replicas=2)
    budget = recorder.one("cache-budget").inputs["spec"]
    assert budget["maxUnavailable"] == 1
    labels = recorder.one("cache-server").inputs["spec"]["template"]["metadata"]["labels"]
    assert matches(budget["selector"], labels)
    assert {constraint["topologyKey"] for constraint in pod(recorder)["topologySpreadConstraints"]} == {
        "topology.kubernetes.io/zone",
        "kubernetes.io/hostname",
    }


def test_it_takes_items_as_large_as_a_footer_and_its_memory_is_more_than_its_items() -> None:
    """Footers of large blocks are megabytes, and connections need memory beside the items."""
    found = container(recorded())
    assert found["args"] == ["-m", "1024", "-I", "5m", "-c", "4096"]
    assert found["resources"]["requests"]["memory"] == "1329Mi"
    assert found["resources"]["limits"]["memory"] == "1536Mi"


def test_it_is_probed_by_a_connection_as_it_speaks_no_http() -> None:
    for probe in ("readinessProbe", "livenessProbe"):
        assert container(recorded())[probe]["tcpSocket"] == {"port": "client"}


def test_it_is_not_a_program_in_go() -> None:
    """Other servers get GOMEMLIMIT, which memcached does not read."""
    assert "env" not in container(recorded())


def test_it_meets_the_restricted_profile_and_writes_nowhere() -> None:
    assert pod(recorded())["securityContext"]["runAsNonRoot"] is True
    assert pod(recorded())["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert pod(recorded())["automountServiceAccountToken"] is False
    assert "volumes" not in pod(recorded())
    assert container(recorded())["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
        "readOnlyRootFilesystem": True,
    }


def test_it_keeps_nothing_that_is_worth_protecting() -> None:
    """Every item can be read from the bucket again."""
    server = recorded().one("cache-server")
    assert not server.protect
    assert not server.retain_on_delete
    assert "volumeClaimTemplates" not in server.inputs["spec"]


@pytest.mark.parametrize(("replicas", "several"), [(1, False), (2, True), (3, True)])
def test_budget_and_spread_are_for_several(replicas: int, several: bool) -> None:  # noqa: FBT001 - a table's column
    """A budget over a single Pod can only keep its node from being drained."""
    recorder = recorded(replicas)
    assert recorder.one("cache-server").inputs["spec"]["replicas"] == replicas
    assert bool(recorder.of_type("PodDisruptionBudget")) is several
    assert ("topologySpreadConstraints" in pod(recorder)) is several


def test_its_children_and_its_address_are_known() -> None:
    recorder = recorded()
    component = recorder.one("cache")
    assert recorder.outputs[component.urn] == {"host": "tempo-memcached.tracing-tests.svc"}
    children = [one for one in recorder.registrations if one.name.startswith("cache-")]
    assert {one.name for one in children} == {"cache-server", "cache-service", "cache-budget"}
    assert {one.parent for one in children} == {component.urn}
