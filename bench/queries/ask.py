"""Questions to a Tempo as users ask them, each timed: searches over a range of time, and traces by their ids."""

import itertools
import json
import random
import statistics
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import urlencode

from lab.traces.tempo import Tempo
from render.collectors.routing import TENANT_HEADER

_MINUTE, _HOUR = 60, 3600
# TraceQL and how far it looks back, in seconds: as in docs/traceql.md, and as a dashboard's default range.
SEARCHES = (
    ("{ status = error }", _HOUR),
    ('{ resource.service.name = "payment" && status = error }', 15 * _MINUTE),
    ('{ name = "POST /checkout" && duration > 1s }', _HOUR),
    ('{ span.http.route = "/checkout" && span.http.response.status_code >= 500 }', 15 * _MINUTE),
    ('{ span.db.system.name = "postgresql" && duration > 500ms }', _HOUR),
    ('{ resource.service.name = "storefront" } >> { resource.service.name = "payment" && status = error }', _HOUR),
)
_LIMIT = 20
# A person reads an answer before asking again; without a pause the questions alone would fill the machine.
_PAUSE_SECONDS = 0.2
_MS = 1000
_P95 = 95


@dataclass
class Times:
    """Milliseconds of each answer, and how many were errors, which are not among them."""

    milliseconds: list[float] = field(default_factory=list)
    errors: int = 0

    @property
    def median(self) -> float:
        """The median in milliseconds; NaN without an answer."""
        return statistics.median(self.milliseconds) if self.milliseconds else float("nan")

    @property
    def p95(self) -> float:
        """The 95th percentile in milliseconds, never beyond the slowest answer; NaN below two answers."""
        if len(self.milliseconds) < 2:  # noqa: PLR2004 - what a quantile needs
            return float("nan")
        return statistics.quantiles(self.milliseconds, n=100, method="inclusive")[_P95 - 1]


def search_paths(now: float) -> list[str]:
    """Return the path of each search, with its range of time until now (Unix seconds)."""
    return [
        f"/api/search?{urlencode({'q': query, 'limit': _LIMIT, 'start': int(now) - back, 'end': int(now)})}"
        for query, back in SEARCHES
    ]


def timed(tempo: Tempo, path: str, times: Times) -> bytes:
    """Ask as the first tenant, and add how long the answer took; return it, nothing if it is an error."""
    tenant = tempo.tenants[0]
    begin = time.monotonic()
    status, body = tempo.cluster.request(tempo.service, path, {TENANT_HEADER: tenant} if tenant else {})
    took = (time.monotonic() - begin) * _MS
    if status != HTTPStatus.OK:
        times.errors += 1
        return b""
    times.milliseconds.append(took)
    return body


def ids_between(tempo: Tempo, start: int, end: int, step: int, limit: int) -> list[str]:
    """Return ids of stored traces from each step of a range (Unix seconds): old ones and new ones."""
    found: list[str] = []
    for begin in range(start, end, step):
        asked = urlencode({"q": "{ }", "limit": limit, "start": begin, "end": begin + step})
        answer = timed(tempo, f"/api/search?{asked}", Times())
        found += [str(one["traceID"]) for one in json.loads(answer or b"{}").get("traces") or []]
    return list(dict.fromkeys(found))


def ask(tempo: Tempo, paths: Iterator[str], times: Times, over: threading.Event) -> None:
    """Ask one question after the other until it is over."""
    for path in paths:
        timed(tempo, path, times)
        if over.wait(_PAUSE_SECONDS):
            return


def searches() -> Iterator[str]:
    """Yield the searches in turn, without end, each until now."""
    for number in itertools.count():
        yield search_paths(time.time())[number % len(SEARCHES)]


def lookups(ids: Sequence[str]) -> Iterator[str]:
    """Yield paths of traces, old and new in turn by chance, without end."""
    shuffled = list(ids)
    random.Random(1).shuffle(shuffled)  # noqa: S311 - protects nothing
    return (f"/api/v2/traces/{each}" for each in itertools.cycle(shuffled))
