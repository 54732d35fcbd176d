"""Query a stack's Tempo for traces, by TraceQL and by id, as every tenant; explain why it does not answer."""

import contextlib
import datetime as dt
import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from lab.cluster.service import Cluster, Service, api_server_message
from lab.errors import LabError
from lab.plain import plain
from lab.traces.trace import SpanView, spans_of
from render.collectors.routing import TENANT_HEADER
from render.names import TEMPO_HTTP_PORT, tempo_query_host
from render.tenants import long_term_tenants, tenants
from settings.stack import StackSettings

SEARCHED_SECONDS = 3600
# Clocks differ: a span may seem to be from the future.
_AHEAD_SECONDS = 60
# At most this much of an answer is quoted.
_QUOTED_CHARACTERS = 500
_TRACE_ID = re.compile("[0-9a-fA-F]{1,32}")
_ANSWERED = {HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT}
# After these and 5xx a retry may succeed. Tempo sends 499 for a request that it cancelled internally.
_LATER = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS, 499}
_NO_TENANT = ""
_PARTIAL = "PARTIAL"


class TempoAwayError(LabError):
    """Tempo does not answer; a retry may help."""


@dataclass(frozen=True)
class Tempo:
    """A Tempo, and the tenants to query; only '' in a stack without tenants."""

    cluster: Cluster
    service: Service
    tenants: tuple[str, ...] = (_NO_TENANT,)


@dataclass(frozen=True)
class Trace:
    """A trace's spans, the tenants that have any of them, and what Tempo reports as missing ('' for nothing)."""

    spans: list[SpanView]
    tenants: tuple[str, ...]
    missing: str


def tempo_of(cluster: Cluster, settings: StackSettings, tenant: str = "") -> Tempo:
    """Return a stack's Tempo, to be queried as every tenant, or as the one named; LabError for an unknown one."""
    namespace = settings.environment.namespace
    service = Service(namespace, tempo_query_host(settings.tempo.deployment_mode), TEMPO_HTTP_PORT)
    known = (*tenants(settings), *long_term_tenants(settings)) or (_NO_TENANT,)
    if tenant and tenant not in known:
        allowed = ", ".join(filter(None, known))
        what = f"The stack has no tenant {tenant!r}."
        raise LabError(what, f"Choose one of {allowed}." if allowed else "It has no tenants: leave TENANT out.")
    return Tempo(cluster, service, (tenant,) if tenant else known)


def search(tempo: Tempo, query: str, limit: int = 20) -> tuple[dict[str, tuple[str, ...]], list[str]]:
    """Return the tenants of each trace that a TraceQL query finds in the last hour, by its id, with notes.

    At most `limit` traces of each tenant. The notes are sentences on what may be missing. LabError with Tempo's
    reason for an invalid query, TempoAwayError without an answer.
    """
    now = int(time.time())
    window = {"start": now - SEARCHED_SECONDS, "end": now + _AHEAD_SECONDS}
    asked = urlencode({"q": query, "limit": limit, **window})
    found: dict[str, tuple[str, ...]] = {}
    limited = partial = False
    for tenant in tempo.tenants:
        answer = _ask(tempo, tenant, f"/api/search?{asked}", query)
        if answer is None:
            raise _refusal(HTTPStatus.NOT_FOUND, "it has no search API", query)
        ids = [str(one["traceID"]) for one in answer.get("traces") or []]
        found |= {trace_id: (*found.get(trace_id, ()), tenant) for trace_id in ids}
        limited |= len(ids) >= limit
        partial |= answer.get("status") == _PARTIAL
    until = dt.datetime.fromtimestamp(now, dt.UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    notes = {
        f"Nothing found in the last hour, until {until}.": not found,
        "The limit was reached: there may be more.": limited,
        "Tempo has not searched everything: there may be more.": partial,
    }
    return found, [note for note, applies in notes.items() if applies]


def checked_id(text: str) -> str:
    """Return a trace id in lower case; LabError when the text cannot be one."""
    trace_id = text.strip()
    if not _TRACE_ID.fullmatch(trace_id):
        got = f"{trace_id[:_QUOTED_CHARACTERS]!r} is not a trace id" if trace_id else "There is no trace id"
        raise LabError(f"{got}: it is 1 to 32 hexadecimal digits.", "`make query` prints them: make trace ID=…")
    return trace_id.lower()


def fetch(tempo: Tempo, trace_id: str) -> Trace:
    """Return a trace; it has no spans when Tempo does not have it.

    Each tenant stores only the spans of its namespaces, and the long-term tenants store copies: the parts are
    joined, without duplicates.
    """
    spans: list[SpanView] = []
    owners: list[str] = []
    missing = ""
    for tenant in tempo.tenants:
        answer = _ask(tempo, tenant, f"/api/v2/traces/{trace_id}", f"trace {trace_id}") or {}
        if answer.get("status") == _PARTIAL:
            missing = plain(str(answer.get("message") or "Tempo has only a part of it"))
        part = list(spans_of(answer.get("trace") or {}))
        if not part:
            continue
        owners.append(tenant)
        # A span has a dictionary of attributes, so it is not hashable.
        held = {repr(span) for span in spans}
        spans += [span for span in part if repr(span) not in held]
    return Trace(spans, tuple(owners), missing)


def _ask(tempo: Tempo, tenant: str, path: str, asked: str) -> Mapping[str, Any] | None:
    """Return an answer's JSON document, whose status is PARTIAL if the HTTP status is; None for 404."""
    headers = {TENANT_HEADER: tenant} if tenant else {}
    status, body = tempo.cluster.request(tempo.service, path, headers)
    if status in _ANSWERED:
        document = None
        with contextlib.suppress(ValueError):
            document = json.loads(body)
        if not isinstance(document, dict):
            raise LabError(f"The {tempo.service} is not a Tempo.", "See `make status`.")
        return document | {"status": _PARTIAL} if status == HTTPStatus.PARTIAL_CONTENT else document
    # An answer of the API server's own proxy: Tempo was not reached.
    of_api_server = api_server_message(body)
    said = of_api_server or body.decode(errors="replace").strip() or "without a message"
    message = plain(said[:_QUOTED_CHARACTERS])
    if of_api_server is not None and status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        raise LabError(
            f"The cluster does not let us query Tempo: {status} {message}",
            "The kubeconfig's user needs the verbs `get` and `create` on the subresource services/proxy.",
        )
    if of_api_server is not None or not status or status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in _LATER:
        raise _away(tempo, status, message)
    if status == HTTPStatus.NOT_FOUND:
        return None
    raise _refusal(status, message, asked if not tenant else f"{asked} (as tenant {tenant})")


def _refusal(status: int, message: str, asked: str) -> LabError:
    quoted = plain(asked[:_QUOTED_CHARACTERS], keep="\n") + ("…" if len(asked) > _QUOTED_CHARACTERS else "")
    fix = "Correct it: https://grafana.com/docs/tempo/latest/traceql/"
    if status == HTTPStatus.UNAUTHORIZED:
        fix = "It has tenants, and the stack's file has none: does STACK name the deployed stack?"
    return LabError(f"Tempo refuses this ({status}): {message}\n\n{quoted}\n", fix)


def _away(tempo: Tempo, status: int, message: str) -> TempoAwayError:
    if not status:
        what = f"The cluster at {tempo.cluster.host} does not answer: {message}"
        return TempoAwayError(what, "Is it up? See `make status`.")
    return TempoAwayError(
        f"Tempo does not answer: {status} {message} ({tempo.service})",
        "`make status` shows which Pods are not ready, `make logs POD=tempo` their last lines.",
    )
