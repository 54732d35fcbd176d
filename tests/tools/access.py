"""The rendered access proxy in front of a rendered Tempo of three tenants, and a test identity provider.

Only addresses differ from what is deployed, and the issuer, which speaks plain HTTP here.
"""

import http.client
import json
import secrets
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import grpc
from opentelemetry.proto.collector.trace.v1.trace_service_pb2_grpc import TraceServiceStub

from plan.limits import checked_plan
from render.access.caddyfile import CADDYFILE
from render.access.oauth2_proxy import oauth2_proxy_flags
from render.files import render
from render.names import ACCESS_PORT, OTLP_GRPC_PORT, TEMPO_HTTP_PORT, TOKEN_CHECK_PORT
from tests.cluster.traffic import Trace, whole
from tests.support.access import ISSUER, proxied
from tests.support.processes import processes
from tests.support.stacks import UNMONITORED, settings_of
from tests.support.tools import tempo_of, tool
from tests.support.waiting import eventually
from tests.tools.loopback import TEMPO, address, answers
from tests.tools.monolith import start_monolith

PROXY, _TOKEN_CHECK, _IDENTITY = address(60), address(61), address(62)
_IDENTITY_PORT = 9998
_ISSUER = f"http://{_IDENTITY}:{_IDENTITY_PORT}/oidc"
AUDIENCE = "grafana"
TENANTS = ("shared", "team-a", "team-b")
# What each group reads; the last is the administrators'.
GROUPS: Mapping[str, set[str]] = {
    "/delivery/a": {"team-a"},
    "b.x": {"team-b", "shared"},
    "c++ team": {"shared"},
    "admins": set(TENANTS),
}
_HOUR = 3600


@dataclass(frozen=True)
class Answer:
    """A response: its status and body."""

    status: int
    body: str

    def finds(self, sent: Mapping[str, str]) -> set[str]:
        """Return the tenants whose trace a search has found."""
        assert self.status == 200, self
        found = {one["traceID"].zfill(32) for one in json.loads(self.body).get("traces") or []}
        assert found <= set(sent.values())
        return {tenant for tenant, trace in sent.items() if trace in found}


@dataclass(frozen=True)
class AccessLab:
    """A running proxy; `sent` maps each tenant to the id of its only trace."""

    sent: Mapping[str, str]
    _log: Path
    _other_log: Path

    def token(self, groups: Sequence[str] | None, how: str = "sign", **claims: object) -> str:
        """Return a user's token, with other claims; None stands for one without the claim of groups."""
        now = int(time.time())
        given: dict[str, object] = {
            "iss": _ISSUER,
            "aud": AUDIENCE,
            "sub": "7d9f",
            "email": "ada@example.com",
            "iat": now,
            "exp": now + _HOUR,
        }
        given |= {} if groups is None else {"groups": list(groups)}
        program = tool("oauth2-proxy").with_name("identity")
        done = subprocess.run(
            [program, how], input=json.dumps(given | claims), capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    def ask(
        self, path: str, token: str | None, headers: Sequence[tuple[str, str]] = (), method: str = "GET"
    ) -> Answer:
        """Send a request exactly as it is given: no header is merged and no path resolved."""
        connection = http.client.HTTPConnection(PROXY, ACCESS_PORT, timeout=30)
        connection.putrequest(method, path, skip_accept_encoding=True)
        for name, value in [*([("Authorization", f"Bearer {token}")] if token else []), *headers]:
            connection.putheader(name, value)
        connection.endheaders()
        answer = connection.getresponse()
        found = Answer(answer.status, answer.read().decode(errors="replace"))
        connection.close()
        return found

    def search(self, token: str | None, headers: Sequence[tuple[str, str]] = (), traceql: str = "{}") -> Answer:
        """Search the last hour."""
        return self.ask(search_path(traceql), token, headers)

    def stream(self, token: str | None, metadata: Sequence[tuple[str, str]] = ()) -> set[str]:
        """Search by streaming gRPC, as Grafana does, over HTTP/2; return the tenants whose trace is found."""
        sent = [*([("authorization", f"Bearer {token}")] if token else []), *metadata]
        with grpc.insecure_channel(f"{PROXY}:{ACCESS_PORT}") as channel:
            search: grpc.UnaryStreamMultiCallable[bytes, bytes] = channel.unary_stream(
                "/tempopb.StreamingQuerier/Search"
            )
            body = b"".join(search(_search_request(), metadata=tuple(sent), timeout=30))
        return {tenant for tenant, trace in self.sent.items() if trace.lstrip("0").encode() in body}

    def log(self) -> list[dict[str, Any]]:
        """Return the entries of the access log."""
        lines = self._log.read_text(encoding="utf-8").splitlines()
        entries = [json.loads(line) for line in lines if line.startswith("{")]
        return [one for one in entries if one.get("logger", "").startswith("http.log.access")]

    def logs(self) -> str:
        """Return all that both programs have written."""
        return self._log.read_text(encoding="utf-8") + self._other_log.read_text(encoding="utf-8")


def search_path(traceql: str) -> str:
    """Return the path of a search of the last hour."""
    now = int(time.time())
    return f"/api/search?{urlencode({'q': traceql, 'limit': 20, 'start': now - _HOUR, 'end': now + 60})}"


def _search_request() -> bytes:
    """Return tempopb.SearchRequest for `{}`: limit 4, start 5, end 6, query 8 in Tempo's tempo.proto."""
    now = int(time.time())
    return b"\x20\x14\x28" + _varint(now - _HOUR) + b"\x30" + _varint(now + 60) + b"\x42\x02{}"


def _varint(number: int) -> bytes:
    low, rest = number & 0x7F, number >> 7
    return bytes([low | 0x80]) + _varint(rest) if rest else bytes([low])


@contextmanager
def access_lab(folder: Path) -> Iterator[AccessLab]:
    """Run Tempo with a trace of each tenant, the identity provider, oauth2-proxy and Caddy."""
    settings = settings_of("dojo", _changes())
    rendered = render(settings, checked_plan(settings))
    oauth2_proxy, caddy = tool("oauth2-proxy"), tool("caddy")
    with processes(folder) as running:
        start_monolith(running, tempo_of(2).program, rendered)
        provider = oauth2_proxy.with_name("identity")
        running.start("identity", [provider, "serve", f"{_IDENTITY}:{_IDENTITY_PORT}"], {})
        eventually(lambda: answers(f"{_ISSUER}/.well-known/openid-configuration"), "the issuer answers")
        flags = [_here(flag).replace(ISSUER, _ISSUER) for flag in oauth2_proxy_flags(settings)]
        unused = dict.fromkeys(("OAUTH2_PROXY_COOKIE_SECRET", "OAUTH2_PROXY_CLIENT_SECRET"), "0" * 32)
        running.start("oauth2-proxy", [oauth2_proxy, *flags], unused)
        (folder / CADDYFILE).write_text(_here(rendered.access[CADDYFILE]), encoding="utf-8")
        running.start("caddy", [caddy, "run", "--config", CADDYFILE, "--adapter", "caddyfile"], {})
        eventually(lambda: answers(f"http://{PROXY}:8081/ready"), "the proxy is ready")
        sent = _send_a_trace_each()
        lab = AccessLab(sent, running.log("caddy"), running.log("oauth2-proxy"))
        everything = lab.token(["admins"])
        eventually(lambda: lab.search(everything).finds(sent) == set(TENANTS), "every trace is found", 60)
        yield lab
        running.assert_alive()
        # Caddy would wait for its clients, and Tempo for its next flush.
        running.kill_all()


def _changes() -> dict[str, Any]:
    listed = [{"members_of": name, "tenants": sorted(of)} for name, of in GROUPS.items() if name != "admins"]
    changes = {"tenants.mode": "by_namespace", "tenants.namespaces": ["team-a", "team-b"], "access.groups": listed}
    return proxied(changes) | tempo_of(2).settings | UNMONITORED


def _here(text: str) -> str:
    """Return a rendered text with the addresses of this machine."""
    return (
        text.replace(f"127.0.0.1:{TOKEN_CHECK_PORT}", f"{_TOKEN_CHECK}:{TOKEN_CHECK_PORT}")
        .replace("=:", f"={_TOKEN_CHECK}:")
        .replace("http://:", f"http://{PROXY}:")
        .replace(f"tempo.fawkes-observability.svc:{TEMPO_HTTP_PORT}", f"{TEMPO}:{TEMPO_HTTP_PORT}")
    )


def _send_a_trace_each() -> dict[str, str]:
    with grpc.insecure_channel(f"{TEMPO}:{OTLP_GRPC_PORT}") as channel:
        stub = TraceServiceStub(channel)  # type: ignore[no-untyped-call]
        sent = {}
        for tenant in TENANTS:
            trace = Trace(secrets.token_bytes(16), "failed")
            metadata = (("x-scope-orgid", tenant),)
            stub.Export(whole([trace], "test"), timeout=30, wait_for_ready=True, metadata=metadata)
            sent[tenant] = trace.id.hex()
        return sent
