"""TLS in every rendered file: who shows a certificate, who verifies it, and by which name."""

from typing import Any

import pytest
import yaml

from plan.plan import make_plan
from render.certificates import certificates, secret_files, span_metrics_authority
from render.files import Rendered, render
from render.tls import TLS_FOLDER
from settings.stack import StackSettings
from tests.support.stacks import ABSENT, PLAINTEXT, settings_of
from tests.support.tempo_configs import of_3

_ISSUER = {"name": "tracing"}
_SECRETS = {"agent": "agent", "gateway": "gateway", "tempo": "tempo"}
_MODES = ("plaintext", "tls", "mutual_tls")
_GRPC_CLIENTS = {
    2: (("ingester_client",), ("metrics_generator_client",), ("querier", "frontend_worker")),
    3: (("live_store_client",), ("backend_scheduler_client",), ("querier", "frontend_worker")),
}


def _of(stack: str, otlp: str, changes: dict[str, Any] | None = None) -> StackSettings:
    issuer = ABSENT if otlp == "plaintext" else _ISSUER
    return settings_of(stack, {"tls.otlp": otlp, "tls.issuer": issuer} | (changes or {}))


def _rendered(settings: StackSettings) -> Rendered:
    return render(settings, make_plan(settings))


def _receivers(config: dict[str, Any]) -> list[Any]:
    """Return the `tls` section of both protocols, None for plaintext."""
    found = config.get("receivers") or config["distributor"]["receivers"]
    return [protocol.get("tls") for protocol in found["otlp"]["protocols"].values()]


@pytest.mark.parametrize("stack", ["dojo", "prod"])
@pytest.mark.parametrize("otlp", _MODES)
def test_each_end_of_each_hop_agrees(stack: str, otlp: str) -> None:
    rendered = _rendered(_of(stack, otlp))
    agent, gateway, tempo = map(yaml.safe_load, (rendered.agent, rendered.gateway, rendered.tempo))
    servers = [*_receivers(gateway), *_receivers(tempo)]
    clients = [agent["exporters"]["load_balancing"]["protocol"]["otlp"]["tls"]]
    clients += [exporter["tls"] for exporter in gateway["exporters"].values() if "tls" in exporter]
    assert len(servers) == 4
    for server in servers:
        assert (server is None) == (otlp == "plaintext")
        assert ("client_ca_file" in (server or {})) == (otlp == "mutual_tls")
    for client in clients:
        assert client.get("insecure", False) == (otlp == "plaintext")
        assert ("cert_file" in client) == (otlp == "mutual_tls")
        assert ("ca_file" in client) == (otlp != "plaintext")


@pytest.mark.parametrize("otlp", ["tls", "mutual_tls"])
def test_every_certificate_is_read_again_while_the_process_runs(otlp: str) -> None:
    """Without the interval a collector shows the certificate of its start until that has expired."""
    rendered = _rendered(_of("prod", otlp, {"tls.applications": "tls"}))
    sections = [
        *_tls_sections(yaml.safe_load(rendered.agent)),
        *_tls_sections(yaml.safe_load(rendered.gateway)),
        *_tls_sections(yaml.safe_load(rendered.tempo)["distributor"]),
    ]
    with_certificate = [section for section in sections if "cert_file" in section]
    assert {section.get("reload_interval") for section in with_certificate} == {"10s"}
    assert all(section["client_ca_file_reload"] for section in sections if "client_ca_file" in section)


def _tls_sections(config: Any) -> list[dict[str, Any]]:
    if isinstance(config, list):
        return [found for item in config for found in _tls_sections(item)]
    if not isinstance(config, dict):
        return []
    inner = [found for name, value in config.items() if name != "tls" for found in _tls_sections(value)]
    return [*([config["tls"]] if "tls" in config else []), *inner]


@pytest.mark.parametrize(("stack", "tempo"), [("dojo", "tempo"), ("prod", "tempo-distributor")])
def test_a_client_expects_a_name_that_is_in_the_servers_certificate(stack: str, tempo: str) -> None:
    """The agent connects to Pods by their addresses, which are in no certificate."""
    settings = _of(stack, "tls")
    rendered, names = _rendered(settings), {one.name: one.dns_names for one in certificates(settings)}
    agent, gateway = yaml.safe_load(rendered.agent), yaml.safe_load(rendered.gateway)
    expected = agent["exporters"]["load_balancing"]["protocol"]["otlp"]["tls"]["server_name_override"]
    assert expected == "otel-gateway.fawkes-observability.svc"
    assert expected in names["otel-gateway"]
    for exporter in gateway["exporters"].values():
        assert exporter["tls"]["server_name_override"] == f"{tempo}.fawkes-observability.svc"
        assert exporter["tls"]["server_name_override"] in names["tempo"]


@pytest.mark.parametrize("changes", [{}, of_3()], ids=["2", "3"])
@pytest.mark.parametrize("otlp", _MODES)
def test_tempos_own_grpc_agrees_at_both_ends(otlp: str, changes: dict[str, Any]) -> None:
    settings = _of("prod", otlp, changes)
    config = yaml.safe_load(_rendered(settings).tempo)
    server = config["server"].get("grpc_tls_config", {})
    assert ("cert_file" in server) == (otlp != "plaintext")
    assert server.get("client_auth_type") == ("RequireAndVerifyClientCert" if otlp == "mutual_tls" else None)
    for path in _GRPC_CLIENTS[settings.tempo.major]:
        section = config
        for name in path:
            section = section.get(name, {})
        client = section.get("grpc_client_config", {})
        assert client.get("tls_enabled", False) == (otlp != "plaintext")
        assert ("tls_cert_path" in client) == (otlp == "mutual_tls")


def test_the_processes_of_tempo_expect_the_name_that_all_of_them_show() -> None:
    settings = _of("prod", "mutual_tls")
    config = yaml.safe_load(_rendered(settings).tempo)
    names = {one.name: one.dns_names for one in certificates(settings)}
    assert config["ingester_client"]["grpc_client_config"]["tls_server_name"] in names["tempo"]
    assert config["memberlist"]["tls_server_name"] in names["tempo-gossip"]


def test_gossip_has_a_certificate_that_outlives_its_processes() -> None:
    """A member never reads it again: one that expired in memory would end the gossip for this process."""
    (gossip,) = [one for one in certificates(_of("prod", "tls")) if one.name == "tempo-gossip"]
    assert gossip.renew_before_hours >= 4 * 365 * 24
    assert gossip.duration_hours >= 2 * gossip.renew_before_hours
    assert [one.name for one in certificates(_of("dojo", "tls"))] == ["otel-agent", "otel-gateway", "tempo"]


def test_gossip_is_encrypted_only_with_a_certificate_for_it() -> None:
    given = {"tls.issuer": ABSENT, "tls.secrets": _SECRETS}
    without = yaml.safe_load(_rendered(_of("prod", "mutual_tls", given)).tempo)
    given["tls.secrets"] = _SECRETS | {"tempo_gossip": "gossip"}
    with_one = yaml.safe_load(_rendered(_of("prod", "mutual_tls", given)).tempo)
    assert "tls_enabled" not in without["memberlist"]
    assert with_one["memberlist"]["tls_enabled"]


@pytest.mark.parametrize("otlp", ["tls", "mutual_tls"])
def test_grpc_has_no_way_around_tls_through_the_http_port(otlp: str) -> None:
    """With the switch on, Tempo answers every gRPC method on its plaintext HTTP port."""
    assert yaml.safe_load(_rendered(_of("dojo", otlp)).tempo)["stream_over_http_enabled"] is False
    prod = yaml.safe_load(_rendered(_of("prod", otlp)).tempo)
    assert prod["stream_over_http_enabled"] == "${TEMPO_STREAM_OVER_HTTP:-false}"
    assert yaml.safe_load(_rendered(_of("dojo", "plaintext")).tempo)["stream_over_http_enabled"] is True


def test_applications_are_verified_by_another_authority_than_collectors() -> None:
    """Otherwise an application's certificate would open the gateways and Tempo."""
    changes = {"tls.applications": "mutual_tls", "tls.applications_authority": "applications"}
    settings = _of("prod", "mutual_tls", changes)
    for section in _receivers(yaml.safe_load(_rendered(settings).agent)):
        assert section["client_ca_file"] == f"{TLS_FOLDER}/applications-ca.crt"
        # Libraries of applications may know no 1.3.
        assert section["min_version"] == "1.2"
    files = {one.file: one.secret for one in secret_files(settings, "agent")}
    assert files["applications-ca.crt"] == "applications"
    assert files["ca.crt"] == "otel-agent-tls"


def test_applications_may_be_encrypted_alone() -> None:
    settings = _of("prod", "plaintext", {"tls.applications": "tls", "tls.issuer": _ISSUER})
    assert [one.name for one in certificates(settings)] == ["otel-agent"]
    assert None not in _receivers(yaml.safe_load(_rendered(settings).agent))
    assert secret_files(settings, "gateway") == secret_files(settings, "tempo") == ()


def test_plaintext_has_neither_certificates_nor_files() -> None:
    settings = settings_of("prod", dict(PLAINTEXT))
    assert certificates(settings) == ()
    assert [secret_files(settings, role) for role in ("agent", "gateway", "tempo")] == [(), (), ()]


@pytest.mark.parametrize("role", ["agent", "gateway", "tempo"])
@pytest.mark.parametrize(
    ("changes", "own", "authority"),
    [
        ({}, None, None),
        ({"tls.authority": "roots"}, None, "roots"),
        ({"tls.issuer": ABSENT, "tls.secrets": _SECRETS}, "given", None),
    ],
    ids=["issued", "with an authority", "given"],
)
def test_each_file_comes_from_the_secret_that_the_settings_name(
    role: Any, changes: dict[str, Any], own: str | None, authority: str | None
) -> None:
    settings = _of("dojo", "mutual_tls", changes)
    files = {one.file: (one.secret, one.key) for one in secret_files(settings, role)}
    secret = (
        role if own else {"agent": "otel-agent-tls", "gateway": "otel-gateway-tls", "tempo": "tempo-tls"}[role]
    )
    assert files == {
        "tls.crt": (secret, "tls.crt"),
        "tls.key": (secret, "tls.key"),
        "ca.crt": (authority or secret, "ca.crt"),
    }


@pytest.mark.parametrize("otlp", ["tls", "mutual_tls"])
@pytest.mark.parametrize("stack", ["dojo", "prod"])
def test_every_file_that_is_read_is_mounted(stack: str, otlp: str) -> None:
    settings = _of(stack, otlp, {"tls.applications": "mutual_tls", "tls.applications_authority": "applications"})
    rendered = _rendered(settings)
    for role, text in (("agent", rendered.agent), ("gateway", rendered.gateway), ("tempo", rendered.tempo)):
        read = {word.rpartition("/")[2] for word in text.split() if word.startswith(f"{TLS_FOLDER}/")}
        assert read
        assert read <= {one.file for one in secret_files(settings, role)}  # type: ignore[arg-type]  # a literal


def test_span_metrics_are_served_by_tls() -> None:
    settings = _of("prod", "plaintext", {"tls.span_metrics": "tls", "tls.issuer": _ISSUER})
    agent = yaml.safe_load(_rendered(settings).agent)
    served = agent["exporters"]["prometheus/span_metrics"]["tls"]
    assert served["cert_file"] == f"{TLS_FOLDER}/tls.crt"
    assert "client_ca_file" not in served
    assert [one.name for one in certificates(settings)] == ["otel-agent"]
    authority = span_metrics_authority(settings)
    assert authority is not None
    assert (authority.secret, authority.key) == ("otel-agent-tls", "ca.crt")
    assert span_metrics_authority(_of("prod", "tls")) is None


def test_prometheus_is_verified_and_shown_a_certificate() -> None:
    changes = {
        "grafana.prometheus_url": "https://prometheus.example.org",
        "tls.prometheus_authority": "prometheus-ca",
        "tls.prometheus_client_certificate": True,
    }
    settings = _of("prod", "mutual_tls", changes)
    (target,) = yaml.safe_load(_rendered(settings).tempo)["metrics_generator"]["storage"]["remote_write"]
    assert target["tls_config"] == {
        "ca_file": f"{TLS_FOLDER}/prometheus-ca.crt",
        "cert_file": f"{TLS_FOLDER}/tls.crt",
        "key_file": f"{TLS_FOLDER}/tls.key",
    }
    files = {one.file: one.secret for one in secret_files(settings, "tempo")}
    assert files["prometheus-ca.crt"] == "prometheus-ca"
