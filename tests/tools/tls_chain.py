"""The rendered agent, gateway and Tempo with mutual TLS on every hop, as processes on loopback addresses.

Only addresses and folders differ from what is deployed. Between the processes are relays, whose connections a test
can cut.
"""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from plan.limits import checked_plan
from render.certificates import certificates
from render.files import Rendered, render
from render.names import (
    AGENT,
    COLLECTOR_QUEUE_FOLDER,
    GATEWAY,
    OTLP_GRPC_PORT,
    TEMPO,
    TEMPO_ADDRESS_VARIABLE,
    TEMPO_DATA_FOLDER,
    TEMPO_HTTP_PORT,
    service_host,
)
from render.text import to_yaml
from render.tls import TLS_FOLDER
from settings.stack import StackSettings
from tests.cluster.tempo_api import TempoApi
from tests.support.authorities import Authority, Identity, SecretFolder
from tests.support.processes import Processes, processes
from tests.support.stacks import settings_of
from tests.support.tools import Tempo, tempos, tool
from tests.support.waiting import eventually
from tests.tools import loopback
from tests.tools.handshakes import Client, refusal
from tests.tools.loopback import MONOLITH_GRPC, address, answers, direct_session, listening_at
from tests.tools.node_api import api_server
from tests.tools.relay import Relay, relay

ADDRESS: Mapping[str, str] = {AGENT: loopback.AGENT, GATEWAY: loopback.GATEWAY, TEMPO: loopback.TEMPO}
# Role, address and port of the gRPC between parts of Tempo.
TEMPO_OWN_GRPC = (
    TEMPO,
    str(MONOLITH_GRPC["grpc_listen_address"]),
    int(MONOLITH_GRPC["grpc_listen_port"]),
)
# In front of the gateway and of Tempo.
_RELAYS: Mapping[str, str] = {GATEWAY: address(43), TEMPO: address(44)}
MUTUAL_TLS: Mapping[str, Any] = {
    "tls.otlp": "mutual_tls",
    "tls.applications": "mutual_tls",
    "tls.applications_authority": "applications",
    "tls.issuer": {"name": "fawkes-tracing"},
    # The minimum.
    "sampling.decision_wait_seconds": 5,
}
_START_SECONDS = 60.0


@dataclass
class Chain:
    """The running processes, their authorities, and the folder with the certificate of each."""

    settings: StackSettings
    running: Processes
    relays: dict[str, Relay]
    authority: Authority
    applications: Authority
    # Everybody's `ca.crt`.
    trusted: bytes
    folders: dict[str, SecretFolder] = field(default_factory=dict)
    shown: dict[str, Identity] = field(default_factory=dict)

    def host(self, role: str) -> str:
        """Return the name that a client expects of a server."""
        return service_host(role, self.settings.environment.namespace)

    def show(self, role: str, authority: Authority, dns_names: tuple[str, ...] = ()) -> None:
        """Give a role a new certificate, by default with the names that it is rendered with."""
        (wanted,) = (one for one in certificates(self.settings) if one.name == role)
        identity = authority.issue(dns_names or wanted.dns_names)
        files = {"tls.crt": identity.certificate, "tls.key": identity.key, "ca.crt": self.trusted}
        if role == AGENT:
            files["applications-ca.crt"] = self.applications.certificate
        if role in self.folders:
            self.folders[role].update(files)
        else:
            self.folders[role] = SecretFolder(self.running.folder / f"tls-{role}", files)
        self.shown[role] = identity

    def client(self, role: str, identity: Identity | None) -> Client:
        """Return a client of a role's server with a certificate, or without one."""
        return Client(self.host(role), self.trusted, identity)

    def application(self) -> Client:
        """Return an application with a certificate of the applications' authority."""
        return self.client(AGENT, self.applications.issue(["shop.example"]))

    @contextmanager
    def api(self) -> Iterator[TempoApi]:
        """Connect to Tempo's HTTP API."""
        with direct_session() as session:
            yield TempoApi(f"http://{ADDRESS[TEMPO]}:{TEMPO_HTTP_PORT}", session)


@contextmanager
def chain(folder: Path, *more: Authority) -> Iterator[Chain]:
    """Run the three until the end of the block; all trust `more` authorities beside the one that signed."""
    tempo = tempos()[0]
    settings = settings_of("dojo", {**MUTUAL_TLS, **tempo.settings})
    rendered = render(settings, checked_plan(settings))
    authority, applications = Authority.named("collectors"), Authority.named("applications")
    trusted = b"".join(one.certificate for one in (authority, *more))
    with ExitStack() as stack:
        running = stack.enter_context(processes(folder))
        relays = {
            role: stack.enter_context(relay((host, OTLP_GRPC_PORT), (ADDRESS[role], OTLP_GRPC_PORT)))
            for role, host in _RELAYS.items()
        }
        made = Chain(settings, running, relays, authority, applications, trusted)
        for role in ADDRESS:
            made.show(role, authority)
        _start_tempo(made, tempo, rendered)
        _start_gateway(made, rendered)
        _start_agent(made, rendered, stack.enter_context(api_server(folder)))
        eventually(lambda: _is_up(made), "agent, gateway and Tempo answer", _START_SECONDS)
        yield made
        running.assert_alive()
        running.kill_all()


def _is_up(made: Chain) -> bool:
    made.running.assert_alive()
    let_in = {AGENT: made.application(), GATEWAY: made.client(GATEWAY, made.shown[AGENT])}
    return all(not refusal(ADDRESS[role], OTLP_GRPC_PORT, client) for role, client in let_in.items()) and answers(
        f"http://{ADDRESS[TEMPO]}:{TEMPO_HTTP_PORT}/ready"
    )


def _start_tempo(made: Chain, tempo: Tempo, rendered: Rendered) -> None:
    folder = made.running.folder
    text = listening_at(ADDRESS[TEMPO], rendered.tempo).replace(TEMPO_DATA_FOLDER, str(folder / "data"))
    config: dict[str, Any] = yaml.safe_load(text.replace(TLS_FOLDER, str(made.folders[TEMPO].path)))
    config["server"] |= {"http_listen_address": ADDRESS[TEMPO], **MONOLITH_GRPC}
    config["storage"]["trace"] |= {"backend": "local", "local": {"path": str(folder / "blocks")}}
    config["overrides"]["per_tenant_override_config"] = str(folder / "overrides.yaml")
    (folder / "overrides.yaml").write_text(rendered.tempo_overrides, encoding="utf-8")
    (folder / "tempo.yaml").write_text(to_yaml(config), encoding="utf-8")
    flags = (f"-config.file={folder}/tempo.yaml", "-config.expand-env=true")
    made.running.start(TEMPO, [tempo.program, *flags], {TEMPO_ADDRESS_VARIABLE: ADDRESS[TEMPO]})


def _start_gateway(made: Chain, rendered: Rendered) -> None:
    to_tempo = f"endpoint: {made.host(TEMPO)}:{OTLP_GRPC_PORT}"
    assert to_tempo in rendered.gateway
    config = rendered.gateway.replace(to_tempo, f"endpoint: {_RELAYS[TEMPO]}:{OTLP_GRPC_PORT}")
    _start_collector(made, GATEWAY, config, {})


def _start_agent(made: Chain, rendered: Rendered, kubeconfig: Path) -> None:
    config: dict[str, Any] = yaml.safe_load(rendered.agent)
    config["exporters"]["load_balancing"]["resolver"] = {
        "static": {"hostnames": [f"{_RELAYS[GATEWAY]}:{OTLP_GRPC_PORT}"]}
    }
    config["processors"]["k8s_attributes"]["auth_type"] = "kubeConfig"
    environment = {"KUBECONFIG": str(kubeconfig), "K8S_NODE_NAME": "node-1"}
    _start_collector(made, AGENT, to_yaml(config), environment)


def _start_collector(made: Chain, role: str, config: str, environment: Mapping[str, str]) -> None:
    file = made.running.folder / f"{role}.yaml"
    text = listening_at(ADDRESS[role], config).replace(COLLECTOR_QUEUE_FOLDER, str(file.with_suffix(".queue")))
    file.write_text(text.replace(TLS_FOLDER, str(made.folders[role].path)), encoding="utf-8")
    made.running.start(role, [tool("otelcol"), "--config", file], environment)
