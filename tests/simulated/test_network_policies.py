"""The network policies, enforced by kube-router between networks in the place of a stack's Pods and of others.

No Pod runs, so production's policies are tried as well as the dojo's: an API server holds them, every Pod is a
network with a listener on every port, and each tries each.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from kubernetes import client

from lab.toolchain.build import find
from policies.network.parties import Connection, Outside, Party
from policies.reachability import Reachability
from render.names import ACCESS_PORT, TEMPO_HTTP_PORT
from snapshot.program import record_program
from tests.support.access import BY_NAMESPACE, proxied
from tests.support.api_server import SERVICES, api_server, processes
from tests.support.network import HOSTS, OTHERS, Surroundings, objects_of
from tests.support.own_network import in_own_network
from tests.support.pod_networks import ROUTER, PodNetworks
from tests.support.programs import recorded
from tests.support.stacks import as_config, sections
from tests.support.tools import absent, system_program
from tests.support.waiting import eventually

pytestmark = pytest.mark.simulated
IPV4 = [address for address in HOSTS if ":" not in address]


def test_an_enforcer_lets_nobody_but_the_proxy_query_tempo(tmp_path: Path) -> None:
    """The dojo behind the access proxy: Grafana is in Prometheus' namespace, and has the proxy only."""
    changes = proxied({"access.groups": [], **BY_NAMESPACE})
    recorder = record_program(as_config(sections("dojo", changes)), "dojo")
    around, objects = Surroundings(recorder), objects_of(recorder)
    own = f"{around.own[0].namespace}/"
    grafana, prometheus, shop = "monitoring/grafana", "monitoring/prometheus", "shop/checkout"
    others = (*OTHERS, ("monitoring", "grafana", {"app.kubernetes.io/name": "grafana"}))

    def tried() -> None:
        with processes(tmp_path) as start, api_server(tmp_path, start) as session:
            networks = PodNetworks(tmp_path, start, [ACCESS_PORT, TEMPO_HTTP_PORT])
            _populate(session, networks, around, objects, others)
            start([_enforcer(), tmp_path / "kubeconfig", "node", SERVICES], "enforcer")
            eventually(lambda: not networks.opens((shop, f"{own}tempo", TEMPO_HTTP_PORT)), "policies are enforced")
            tempo, proxy = (f"{own}tempo", TEMPO_HTTP_PORT), (f"{own}access-proxy", ACCESS_PORT)
            opened = {(source, end) for source in networks.sources for end in (tempo, proxy) if source not in end}
            assert {one for one in opened if networks.opens((one[0], *one[1]))} == {
                (f"{own}access-proxy", tempo),
                # It looks for the spans that it sent.
                (f"{own}tracing-check", tempo),
                (prometheus, tempo),
                (grafana, proxy),
                # In Grafana's namespace; it has no token.
                (prometheus, proxy),
            }

    in_own_network((), tried)


def _enforcer() -> Path:
    system_program("ipset")
    return find("enforcer") or absent("the enforcer is not built: run `make tools`")


@pytest.mark.parametrize("stack", ["dojo", "prod"])
def test_an_enforcer_allows_exactly_what_the_policies_say(stack: str, tmp_path: Path) -> None:
    enforcer = _enforcer()
    # Recorded here: the recorder needs the main thread.
    around, objects = Surroundings(recorded(stack)), objects_of(recorded(stack))

    def tried() -> None:
        with processes(tmp_path) as start, api_server(tmp_path, start) as session:
            networks = PodNetworks(tmp_path, start, sorted({port for port, _ in around.ports}))
            _populate(session, networks, around, objects)
            networks.add_outside(IPV4)
            everything = {
                (source, target, port)
                for source in networks.sources
                for target in networks.targets(source)
                for port in networks.ports
            }
            # Without an enforcer the policies have no effect, and what is closed later is closed by them.
            eventually(lambda: networks.opened() == everything, "every connection can be made")
            expected = _expected(session, everything)
            assert len(expected) < len(everything) / 2
            start([enforcer, tmp_path / "kubeconfig", "node", SERVICES], "enforcer")
            closed = sorted(everything - expected)
            eventually(
                lambda: not networks.opens(closed[-1]), "the last connection is refused that no policy allows"
            )
            found = networks.opened()
            # One look at all of them: what no policy allows may not open even once.
            assert found <= expected
            for missed in sorted(expected - found):
                # Beside all others a starved process may not connect in time; alone it does, unless it is refused.
                assert networks.opens(missed), f"{missed} is refused, and a policy allows it"

    in_own_network((), tried)


def _populate(
    session: client.ApiClient,
    networks: PodNetworks,
    around: Surroundings,
    objects: list[dict[str, Any]],
    others: Sequence[tuple[str, str, dict[str, str]]] = OTHERS,
) -> None:
    """Create namespaces, one node, a running Pod for each network, and the policies."""
    # The client's types ask for its models, and it sends plain data just as well.
    core: Any = client.CoreV1Api(session)
    networking: Any = client.NetworkingV1Api(session)
    labelled = [(pod.namespace, pod.labels["app.kubernetes.io/name"], pod.labels) for pod in around.own]
    pods = [*labelled, *others]
    for name in sorted({namespace for namespace, _, _ in pods} - {"kube-system"}):
        core.create_namespace({"metadata": {"name": name}})
    core.create_node({"metadata": {"name": "node"}})
    core.patch_node_status("node", {"status": {"addresses": [{"type": "InternalIP", "address": ROUTER}]}})
    for namespace, name, labels in pods:
        address = networks.add_pod(f"{namespace}/{name}")
        spec = {"nodeName": "node", "containers": [{"name": "it", "image": "none"}]}
        core.create_namespaced_pod(namespace, {"metadata": {"name": name, "labels": dict(labels)}, "spec": spec})
        status = {"phase": "Running", "podIP": address, "podIPs": [{"ip": address}], "hostIP": ROUTER}
        core.patch_namespaced_pod_status(name, namespace, {"status": status})
    for one in objects:
        if one["kind"] == "NetworkPolicy":
            networking.create_namespaced_network_policy(one["metadata"]["namespace"], one)


def _expected(session: client.ApiClient, everything: set[tuple[str, str, int]]) -> set[tuple[str, str, int]]:
    """Return what the policies allow, read back from the API server with its defaults."""
    core, networking = client.CoreV1Api(session), client.NetworkingV1Api(session)
    plain: Any = session.sanitize_for_serialization
    listed: dict[tuple[str, str], Any] = {
        ("v1", "Pod"): core.list_pod_for_all_namespaces(),
        ("v1", "Namespace"): core.list_namespace(),
        ("networking.k8s.io/v1", "NetworkPolicy"): networking.list_network_policy_for_all_namespaces(),
    }
    objects = [
        plain(one) | {"apiVersion": version, "kind": kind}
        for (version, kind), found in listed.items()
        for one in found.items
    ]
    reach = Reachability(objects)
    parties: dict[str, Party] = {f"{pod.namespace}/{pod.name}": pod for pod in reach.pods}
    ends = {name for source, target, _ in everything for name in (source, target)} - set(parties)
    parties |= {address: Outside(address=address) for address in ends}
    return {one for one in everything if reach.allows(Connection(parties[one[0]], parties[one[1]], one[2]))}
