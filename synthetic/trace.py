"""The traces of the check: ids that follow from the time, and the request that writes one."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

SERVICE = "tracing-check"
# The attribute by which a search finds one trace.
RUN = "tracing_check.run"
SPANS = 2
_MS = 1_000_000
# Letters only: masking takes long numbers for cards, and hexadecimal ones for keys.
_LETTERS = str.maketrans("0123456789abcdef", "bcdfghjklmnpqrst")
_RUN_LENGTH = 16


@dataclass(frozen=True, kw_only=True)
class Trace:
    """A trace: its id in hexadecimal, and the time of its write in seconds since 1970."""

    id: str
    written: float

    @property
    def run(self) -> str:
        """The value of its attribute `RUN`."""
        return self.id[:_RUN_LENGTH].translate(_LETTERS)

    @property
    def query(self) -> str:
        """The TraceQL query that finds it."""
        return f'{{ resource.service.name = "{SERVICE}" && span.{RUN} = "{self.run}" }}'


def trace_of(seed: str, way: str, tenant: str, tick: int, written: float) -> Trace:
    """Return the trace that belongs to a way, a tenant and a tick: the same after every restart."""
    return Trace(id=_digest(seed, way, tenant, str(tick))[:32], written=written)


def request(trace: Trace, resource: dict[str, str]) -> bytes:
    """Return the OTLP request, as JSON, with a root span and a child that ended just now; none is failed."""
    end = int(trace.written * 1000) * _MS
    root, child = (_digest(trace.id, name)[:16] for name in ("root", "child"))
    spans = [
        _span(trace, (root, ""), "write", (end - 2 * _MS, end)),
        _span(trace, (child, root), "hop", (end - _MS, end)),
    ]
    scope = {"scope": {"name": SERVICE}, "spans": spans}
    attributes = [_attribute(*one) for one in ({"service.name": SERVICE} | resource).items()]
    found = {"resourceSpans": [{"resource": {"attributes": attributes}, "scopeSpans": [scope]}]}
    return json.dumps(found).encode()


def _span(trace: Trace, ids: tuple[str, str], name: str, times: tuple[int, int]) -> dict[str, Any]:
    """Return a span; `ids` are its own and its parent's, `times` begin and end in nanoseconds."""
    return {
        "traceId": trace.id,
        "spanId": ids[0],
        "parentSpanId": ids[1],
        "name": name,
        "kind": 1,
        "startTimeUnixNano": str(times[0]),
        "endTimeUnixNano": str(times[1]),
        "attributes": [_attribute(RUN, trace.run)],
    }


def _attribute(key: str, value: str) -> dict[str, Any]:
    return {"key": key, "value": {"stringValue": value}}


def _digest(*parts: str) -> str:
    return hashlib.sha256("/".join(parts).encode()).hexdigest()
