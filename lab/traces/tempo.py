"""What Tempo has: traces found by TraceQL and traces by id, of every tenant; and why it gives no answer."""

import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from lab.cluster.service import Cluster, Service, api_servers_words
from lab.errors import LabError
from lab.plain import plain
from lab.traces.trace import SpanView, spans_of
from render.collectors.routing import TENANT_HEADER
from render.names import TEMPO_HTTP_PORT, tempo_query_host
from render.tenants import long_term_tenants, tenants
from settings.stack import StackSettings

SEARCHED_SECONDS = 3600
# Spans are not younger than now, but for clocks that differ.
_AHEAD_SECONDS = 60
# Of what is quoted of an answer.
_QUOTED_CHARACTERS = 500
_TRACE_ID = re.compile("[0-9a-fA-F]{1,32}")
_ANSWERED = {HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT}
# With these and 5xx, the same may be answered later. 499 is Tempo's for what was given up within itself.
_LATER = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS, 499}
_NO_TENANT = ""
_NEWLINE = "\n"


class TempoRefusesError(LabError):
    """Tempo does not answer this, however often it is asked."""


class TempoAwayError(LabError):
    """Nobody answers for Tempo yet, or any more."""


@dataclass(frozen=True)
class Tempo:
    """A Tempo to ask, and as whom: the tenants, or only '' where there are none."""

    cluster: Cluster
    service: Service
    tenants: tuple[str, ...] = (_NO_TENANT,)


@dataclass(frozen=True)
class Found:
    """The tenants of each trace found, by the trace's id; `until` is in Unix seconds.

    `limited`: as many were found as were asked for; `partial`: Tempo itself says that it has not seen all.
    """

    tenants: Mapping[str, tuple[str, ...]]
    until: int
    limited: bool
    partial: bool


@dataclass(frozen=True)
class Trace:
    """A trace's spans, the tenants that have any of them, and what Tempo says is missing ('' for nothing)."""

    spans: list[SpanView]
    tenants: tuple[str, ...]
    missing: str


def tempo_of(cluster: Cluster, settings: StackSettings, tenant: str = "") -> Tempo:
    """Return a stack's Tempo, asked as every tenant that the stack has or as the one named.

    Raise LabError when the stack has no such tenant.
    """
    namespace = settings.environment.namespace
    service = Service(namespace, tempo_query_host(settings.tempo.deployment_mode), TEMPO_HTTP_PORT)
    known = (*tenants(settings), *long_term_tenants(settings)) or (_NO_TENANT,)
    if not tenant:
        return Tempo(cluster, service, known)
    if tenant not in known:
        allowed = ", ".join(filter(None, known))
        what = f"The stack has no tenant {tenant!r}."
        raise LabError(what, f"Choose one of {allowed}." if allowed else "It has no tenants: leave TENANT out.")
    return Tempo(cluster, service, (tenant,))


def search(tempo: Tempo, query: str, limit: int = 20) -> Found:
    """Return the traces that a TraceQL query finds in the last hour, at most so many of each tenant.

    Raise TempoRefusesError with Tempo's reason when the query is none, TempoAwayError when nobody answers.
    """
    now = int(time.time())
    found: dict[str, tuple[str, ...]] = {}
    limited = partial = False
    for tenant in tempo.tenants:
        window = {"start": now - SEARCHED_SECONDS, "end": now + _AHEAD_SECONDS}
        status, answer = _ask(tempo, tenant, "/api/search", query, q=query, limit=limit, **window)
        if status == HTTPStatus.NOT_FOUND:
            raise _refusal(status, "it has no search", query)
        ids = [str(one["traceID"]) for one in answer.get("traces") or []]
        found |= {trace_id: (*found.get(trace_id, ()), tenant) for trace_id in ids}
        limited |= len(ids) >= limit
        partial |= _is_partial(status, answer)
    return Found(found, now, limited=limited, partial=partial)


def checked_id(text: str) -> str:
    """Return a trace's id in lower case; LabError when the text cannot be one."""
    trace_id = text.strip()
    if not _TRACE_ID.fullmatch(trace_id):
        got = f"{trace_id[:_QUOTED_CHARACTERS]!r} is no trace id" if trace_id else "There is no trace id"
        raise LabError(f"{got}: it is 1 to 32 hexadecimal digits.", "`make query` prints them: make trace ID=…")
    return trace_id.lower()


def fetch(tempo: Tempo, trace_id: str) -> Trace:
    """Return a trace, which is empty when Tempo does not have it.

    A trace through several namespaces is stored in parts, one a tenant, and the long-term tier has copies of
    whole ones: the parts are put together, and what another tenant has too is in it once.
    """
    spans: list[SpanView] = []
    owners: list[str] = []
    missing = ""
    for tenant in tempo.tenants:
        status, answer = _ask(tempo, tenant, f"/api/v2/traces/{trace_id}", f"trace {trace_id}")
        if _is_partial(status, answer):
            missing = plain(str(answer.get("message") or "Tempo has only a part of it"))
        part = list(spans_of(answer.get("trace") or {}))
        if not part:
            continue
        owners.append(tenant)
        held = {span.identity for span in spans}
        spans += [span for span in part if span.identity not in held]
    return Trace(spans, tuple(owners), missing)


def _ask(tempo: Tempo, tenant: str, path: str, asked: str, **query: str | int) -> tuple[int, Mapping[str, Any]]:
    """Return status and document of an answer; 404 and an empty one where Tempo has nothing."""
    headers = {TENANT_HEADER: tenant} if tenant else {}
    status, body = tempo.cluster.get(tempo.service, path, headers, **query)
    if status in _ANSWERED:
        return status, _document(tempo, body)
    of_api_server = api_servers_words(body)
    said = of_api_server or body.decode(errors="replace").strip() or "without a word"
    said = plain(said[:_QUOTED_CHARACTERS])
    if of_api_server is not None and status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        raise LabError(
            f"The cluster does not let us ask Tempo: {status} {said}",
            "The kubeconfig's user must be allowed to `get` and `create` the subresource services/proxy.",
        )
    if of_api_server is not None or not status or status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in _LATER:
        raise _away(tempo, status, said)
    if status == HTTPStatus.NOT_FOUND:
        return status, {}
    raise _refusal(status, said, asked if not tenant else f"{asked} (as tenant {tenant})")


def _document(tempo: Tempo, body: bytes) -> Mapping[str, Any]:
    try:
        document = json.loads(body)
    except ValueError:
        document = None
    if not isinstance(document, Mapping):
        service = f"{tempo.service.name} in {tempo.service.namespace}"
        raise LabError(f"What answers at the Service {service} is no Tempo.", "See `make status`.")
    return document


def _is_partial(status: int, answer: Mapping[str, Any]) -> bool:
    return status == HTTPStatus.PARTIAL_CONTENT or answer.get("status") == "PARTIAL"


def _refusal(status: int, said: str, asked: str) -> TempoRefusesError:
    quoted = plain(asked[:_QUOTED_CHARACTERS], keep=_NEWLINE) + ("…" if len(asked) > _QUOTED_CHARACTERS else "")
    return TempoRefusesError(f"Tempo refuses this ({status}): {said}\n\n{quoted}\n", _fix(status))


def _fix(status: int) -> str:
    if status == HTTPStatus.UNAUTHORIZED:
        return "It has tenants, and the stack's file says none: does STACK name the stack that is deployed?"
    return "Correct it: https://grafana.com/docs/tempo/latest/traceql/"


def _away(tempo: Tempo, status: int, said: str) -> TempoAwayError:
    if not status:
        host = tempo.cluster.api.configuration.host
        return TempoAwayError(f"The cluster at {host} does not answer: {said}", "Is it up? See `make status`.")
    service = f"{tempo.service.name} in {tempo.service.namespace}"
    return TempoAwayError(
        f"Tempo does not answer: {status} {said} (Service {service})",
        "`make status` shows which Pods are not ready, `make logs POD=tempo` what they say.",
    )
