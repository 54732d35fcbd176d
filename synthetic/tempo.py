"""Writing a trace, and reading it back: each returns the server's clock, or raises CheckError with a reason."""

import json
from typing import Any
from urllib.parse import urlencode

from synthetic.config import Config, Way
from synthetic.trace import SPANS, Trace, request
from synthetic.web import NOT_FOUND, Answer, CheckError, Request, send

_JSON = {"Content-Type": "application/json", "Accept": "application/json"}
_TENANT_HEADER = "X-Scope-OrgID"
# Around the write: a query reads the blocks of this range only. As much as clocks may be apart, and blocks' ranges
# are whole seconds.
_RANGE_SECONDS = 300


def write(config: Config, way: Way, trace: Trace, turn: int) -> None:
    """Send a trace by a way; `turn` chooses among several receivers."""
    answer = send(
        Request(
            url=way.url,
            seconds=config.request_seconds,
            headers=_JSON,
            body=request(trace, way.resource),
            tls=way.tls,
            turn=turn,
        )
    )
    if answer.status == NOT_FOUND:
        raise CheckError("status_4xx", f"{way.url} answers 404")
    rejected = _object(_document(answer, way.url), "partialSuccess")
    if rejected:
        raise CheckError("rejected", f"{way.url} answers {rejected}")


def by_id(config: Config, tenant: str, trace: Trace) -> float | None:
    """Read a trace by its id."""
    url = f"{config.query_url}/api/v2/traces/{trace.id}?{urlencode(_range(trace))}"
    answer = _get(config, tenant, url)
    document = _document(answer, url)
    found = sum(
        len(_list(scope, "spans"))
        for resource in _list(_object(document, "trace"), "resourceSpans")
        for scope in _list(resource, "scopeSpans")
    )
    if found == 0:
        raise CheckError("not_found", f"no span of {trace.id} as {tenant}")
    if found < SPANS:
        raise CheckError("incomplete", f"{found} of {SPANS} spans of {trace.id} as {tenant}")
    return answer.date


def by_search(config: Config, tenant: str, trace: Trace) -> float | None:
    """Find a trace by TraceQL."""
    url = f"{config.query_url}/api/search?{urlencode({'q': trace.query, 'limit': 5} | _range(trace))}"
    answer = _get(config, tenant, url)
    # Tempo leaves out leading zeros.
    found = {str(one.get("traceID")).zfill(32) for one in _list(_document(answer, url), "traces")}
    if trace.id not in found:
        raise CheckError("not_found", f"{trace.query} finds nothing as {tenant}")
    return answer.date


def _range(trace: Trace) -> dict[str, int]:
    return {"start": int(trace.written) - _RANGE_SECONDS, "end": int(trace.written) + _RANGE_SECONDS}


def _get(config: Config, tenant: str, url: str) -> Answer:
    headers = _JSON | ({_TENANT_HEADER: tenant} if config.multitenant else {})
    answer = send(Request(url=url, seconds=config.request_seconds, headers=headers))
    if answer.status == NOT_FOUND:
        raise CheckError("not_found", f"{url} answers 404 as {tenant}")
    return answer


def _document(answer: Answer, url: str) -> dict[str, Any]:
    try:
        found = json.loads(answer.body or b"{}")
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise CheckError("garbage", f"{url} answers no JSON object: {answer.body[:100]!r}")
    if str(found.get("status", "")).upper() == "PARTIAL":
        raise CheckError("partial", f"{url} answers in part: {found.get('message')}")
    return found


def _object(document: dict[str, Any], key: str) -> dict[str, Any]:
    """Return an object in an answer, empty if it is absent; CheckError if it is something else."""
    found = document.get(key) or {}
    if not isinstance(found, dict):
        raise CheckError("garbage", f"{key} is no object")
    return found


def _list(document: dict[str, Any], key: str) -> list[dict[str, Any]]:
    """Return a list of objects in an answer, none if it is absent; CheckError if it is something else."""
    found = document.get(key) or []
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise CheckError("garbage", f"{key} is no list of objects")
    return found
