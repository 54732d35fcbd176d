"""Tempo in microservices mode with mutual TLS: its processes know each other, and nobody else joins them."""

import secrets
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

import pytest

from render.certificates import certificates
from render.names import OTLP_HTTP_PORT, TEMPO, TEMPO_GOSSIP, TEMPO_GRPC_PORT, service_host
from settings.stack import StackSettings
from tests.support.authorities import Authority, SecretFolder
from tests.support.own_network import in_own_network
from tests.support.waiting import eventually
from tests.tools.gossip_cluster import ADDRESS, MEMBERS, GossipCluster, gossip_cluster, rendered_cluster, start
from tests.tools.handshakes import CUT_OFF, Client, PlaintextClient, refusal
from tests.tools.spans import failed_trace
from tests.tools.tempo_cluster import TENANTS, cluster_settings

pytestmark = pytest.mark.tools

_MUTUAL_TLS = {"tls.otlp": "mutual_tls", "tls.issuer": {"name": "fawkes-tracing"}}
_STRANGERS = {"plaintext": "fd00::21", "another authority": "fd00::22"}
_SECONDS = 60.0


@dataclass(frozen=True)
class Observed:
    """Whether a trace was found, why clients of the ingester were refused, and how many members each knows."""

    found: bool
    refused: dict[str, str]
    known_to_strangers: dict[str, int]
    known_to_members: set[int]


@pytest.fixture(scope="module")
def observed(tmp_path_factory: pytest.TempPathFactory) -> Observed:
    """Run the processes once."""
    folder = tmp_path_factory.mktemp("gossip-tls")
    return in_own_network([*ADDRESS.values(), *_STRANGERS.values()], lambda: _observe(folder))


def _observe(folder: Path) -> Observed:
    settings, authority, another = cluster_settings(_MUTUAL_TLS), Authority.named("it"), Authority.named("it")
    own, others = _folder(folder / "own", settings, authority), _folder(folder / "others", settings, another)
    with gossip_cluster(folder, _MUTUAL_TLS, own) as cluster:
        found = _is_found(cluster, _client(settings, authority, authority))
        refused = _refused(settings, authority, another)
        start(
            cluster.running, "querier", rendered_cluster({"tls.otlp": "plaintext"}), None, _STRANGERS["plaintext"]
        )
        start(cluster.running, "querier", rendered_cluster(_MUTUAL_TLS), others, _STRANGERS["another authority"])
        eventually(lambda: _have_tried(cluster), "the strangers have tried to join", _SECONDS)
        seen = Observed(
            found=found,
            refused=refused,
            known_to_strangers={name: cluster.members_known_at(one) for name, one in _STRANGERS.items()},
            known_to_members={cluster.members(name) for name in MEMBERS},
        )
        # An orderly end takes long here, and shows nothing.
        cluster.running.kill_all()
        return seen


def _folder(path: Path, settings: StackSettings, authority: Authority) -> Path:
    """Return a folder with the certificates of Tempo's processes by an authority that they trust, too."""
    files = {"ca.crt": authority.certificate}
    wanted = {certificate.name: certificate.dns_names for certificate in certificates(settings)}
    for prefix, name in (("tls", TEMPO), ("gossip", TEMPO_GOSSIP)):
        identity = authority.issue(wanted[name])
        files |= {f"{prefix}.crt": identity.certificate, f"{prefix}.key": identity.key}
    return SecretFolder(path, files).path


def _client(settings: StackSettings, trusted: Authority, signed_by: Authority | None) -> Client:
    name = service_host(TEMPO, settings.environment.namespace)
    return Client(name, trusted.certificate, signed_by.issue([name]) if signed_by else None)


def _is_found(cluster: GossipCluster, client: Client) -> bool:
    """Write a trace and return whether a search finds it: that takes every connection but the gossip's."""
    trace_id = secrets.token_bytes(16)
    body = failed_trace(trace_id, 1, 100).SerializeToString()
    headers = {"Content-Type": "application/x-protobuf", "X-Scope-OrgID": TENANTS[0]}

    def is_written() -> bool:
        # A distributor that was just started refuses writes until it knows the ingester.
        status = client.post(ADDRESS["distributor"], OTLP_HTTP_PORT, "/v1/traces", body, headers)
        return status == HTTPStatus.OK

    eventually(is_written, "the distributor accepts the trace", _SECONDS)
    eventually(lambda: trace_id.hex() in cluster.search(), "a search finds the trace", _SECONDS)
    return True


def _refused(settings: StackSettings, authority: Authority, another: Authority) -> dict[str, str]:
    clients = {
        "itself": _client(settings, authority, authority),
        "without a certificate": _client(settings, authority, None),
        "of another authority": _client(settings, authority, another),
        "without TLS": PlaintextClient("", b""),
    }
    return {name: refusal(ADDRESS["ingester"], TEMPO_GRPC_PORT, client) for name, client in clients.items()}


def _have_tried(cluster: GossipCluster) -> bool:
    """Return whether every stranger has tried to join a second time."""
    logs = [cluster.running.log(f"querier-{one.rpartition(':')[2]}") for one in _STRANGERS.values()]
    return all('msg="joining memberlist cluster" attempts=2' in log.read_text(encoding="utf-8") for log in logs)


def test_a_trace_is_written_and_found_where_every_process_demands_a_certificate(observed: Observed) -> None:
    assert observed.found


def test_a_process_serves_only_clients_with_a_certificate_of_its_authority(observed: Observed) -> None:
    assert observed.refused["itself"] == ""
    assert observed.refused["without a certificate"] in {"TLSV13_ALERT_CERTIFICATE_REQUIRED", CUT_OFF}
    assert observed.refused["of another authority"] in {"TLSV1_ALERT_UNKNOWN_CA", CUT_OFF}
    assert observed.refused["without TLS"] == CUT_OFF


def test_the_gossip_is_joined_neither_in_plaintext_nor_with_another_authority(observed: Observed) -> None:
    assert observed.known_to_strangers == dict.fromkeys(_STRANGERS, 1)
    assert observed.known_to_members == {len(MEMBERS)}
