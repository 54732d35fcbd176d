"""Tempo's HTTP API, reached through its Service."""

import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

import requests

from render.names import TEMPO, TEMPO_HTTP_PORT
from tests.support.live import LiveStack
from tests.support.waiting import eventually

Query = Mapping[str, str | int]
# The places where Tempo looks: everywhere, in unflushed traces only, in the bucket only.
Mode = Literal["all", "ingesters", "blocks"]
_TIMEOUT_SECONDS = 60.0
# Tempo's searches look this far around now; the tests' traces are minutes old at most.
_WINDOW_SECONDS = 3600
# A trace is idle, is written to the log and is found by a search within seconds. A restarted Tempo replays its log
# first.
FIND_SECONDS = 90.0
# The duration of a block, the queriers' poll, and time to write and find the block.
FLUSHED_SECONDS = 240.0


@dataclass(frozen=True)
class TempoApi:
    """One Tempo; `session` is open."""

    base: str
    session: requests.Session

    def get(self, path: str, query: Query | None = None, accept: str = "application/json") -> requests.Response:
        """Return the response, whatever its status."""
        headers, url = {"Accept": accept}, f"{self.base}{path}"
        return self.session.get(url, params=query, headers=headers, timeout=_TIMEOUT_SECONDS)

    def search(self, traceql: str, limit: int = 20, spans: int = 3) -> dict[str, dict[str, Any]]:
        """Return the traces of the last hour that a TraceQL query finds, by id, each with up to `spans` spans."""
        now = int(time.time())
        begin, end = now - _WINDOW_SECONDS, now + 60
        answer = self.get("/api/search", {"q": traceql, "limit": limit, "start": begin, "end": end, "spss": spans})
        answer.raise_for_status()
        return {found["traceID"].zfill(32): found for found in answer.json().get("traces") or []}

    def trace(self, trace_id: str, mode: Mode = "all") -> dict[str, Any] | None:
        """Return a trace as Tempo's JSON, or None when Tempo does not have it; `mode` is the place to look."""
        answer = self.get(f"/api/traces/{trace_id}", {"mode": mode})
        if answer.status_code == requests.codes.not_found:
            return None
        if not answer.ok:
            # The reason is in the body, which `raise_for_status` leaves out.
            raise requests.HTTPError(f"{answer.status_code}: {answer.text[:500]}", response=answer)
        document: dict[str, Any] = answer.json()
        return document

    def wait_for(self, trace_id: str, mode: Mode = "all", seconds: float = FIND_SECONDS) -> dict[str, Any]:
        """Return a trace as soon as Tempo has it; retry while Tempo does not respond."""
        return eventually(
            lambda: self.trace(trace_id, mode), f"Tempo has trace {trace_id} (looking in {mode})", seconds
        )

    def wait_for_all(self, trace_ids: Iterable[str], seconds: float = FIND_SECONDS) -> None:
        """Wait until Tempo has every trace; one that was found is not asked for again."""
        missing = set(trace_ids)

        def all_found() -> bool:
            for trace_id in sorted(missing):
                if self.trace(trace_id):
                    missing.remove(trace_id)
            return not missing

        eventually(all_found, "Tempo has every trace", seconds)


@contextmanager
def tempo_api(stack: LiveStack) -> Iterator[TempoApi]:
    """Connect to the stack's Tempo."""
    with requests.Session() as session:
        # A proxy for the internet cannot reach the lab.
        session.trust_env = False
        yield TempoApi(f"http://{stack.address(TEMPO)}:{TEMPO_HTTP_PORT}", session)


def spans_in(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return all spans of one of Tempo's JSON traces."""
    return [
        span
        for batch in document.get("batches", [])
        for scope in batch.get("scopeSpans", [])
        for span in scope.get("spans", [])
    ]
