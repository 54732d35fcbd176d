"""Requests as agents send them, serialized once: only the trace ids change from one sending to the next.

Writing 16 bytes into a prepared request takes a fraction of a microsecond, so the sender is never the bottleneck.
"""

import itertools
import os
import random
import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans

from bench.gateway.spans import SERVICES, SPANS_A_TRACE, TRACE, resource_of, scope_of, span_of

TRACES_A_BLOCK = 50
SPANS_A_BLOCK = TRACES_A_BLOCK * SPANS_A_TRACE
ID_BYTES = 16
# 12 bytes that occur nowhere else in a request, and the number of a trace.
_PLACEHOLDER = b"\xf0bench-trace"
_PLACED = re.compile(re.escape(_PLACEHOLDER) + rb"(....)", re.DOTALL)


@dataclass(frozen=True)
class Request:
    """One serialized request, and where its trace ids are: (position in bytes, number of the trace)."""

    body: bytearray
    places: Sequence[tuple[int, int]]

    def with_ids(self, ids: Sequence[bytes]) -> bytes:
        """Return the request with other trace ids; `ids` has one of 16 bytes for each trace of the block."""
        for position, trace in self.places:
            self.body[position : position + ID_BYTES] = ids[trace]
        return bytes(self.body)


@dataclass(frozen=True)
class Block:
    """The requests that carry TRACES_A_BLOCK traces: one from each service, about as large as an agent's share.

    An SDK exports up to 512 spans at once, and an agent divides them among the gateways.
    """

    requests: Sequence[Request]


def block(namespace: str, failed: int, seed: int) -> Block:
    """Return a block of traces in one namespace, of which the first `failed` have failed."""
    chance = random.Random(seed)  # noqa: S311 - the same spans in every run
    by_service = {service: _request(service, namespace, failed, chance) for service in SERVICES}
    return Block([_placed(request.SerializeToString()) for request in by_service.values()])


def _request(service: str, namespace: str, failed: int, chance: random.Random) -> ExportTraceServiceRequest:
    templates = [template for template in TRACE if template.service == service]
    scopes = {
        scope: ScopeSpans(scope=scope_of(scope))
        for scope in dict.fromkeys(template.scope for template in templates)
    }
    for trace in range(TRACES_A_BLOCK):
        for template in templates:
            placeholder = _PLACEHOLDER + trace.to_bytes(ID_BYTES - len(_PLACEHOLDER), "big")
            scopes[template.scope].spans.append(span_of(template, placeholder, chance, failed=trace < failed))
    resource = resource_of(service, namespace)
    return ExportTraceServiceRequest(
        resource_spans=[ResourceSpans(resource=resource, scope_spans=list(scopes.values()))]
    )


def _placed(serialized: bytes) -> Request:
    places = [(found.start(), int.from_bytes(found[1], "big")) for found in _PLACED.finditer(serialized)]
    return Request(bytearray(serialized), places)


def blocks(namespaces: Sequence[str], *, all_failed: bool) -> Iterator[Block]:
    """Yield blocks without end, from each namespace in turn; one trace in a hundred has failed, or all have.

    A namespace has a block with one failed trace of 50, then one with none.
    """
    failing = (TRACES_A_BLOCK,) if all_failed else (1, 0)
    kinds = [(failed, namespace) for failed in failing for namespace in namespaces]
    return itertools.cycle([block(namespace, failed, seed) for seed, (failed, namespace) in enumerate(kinds)])


def send(found: Iterator[Block], count: int, spans_per_second: float, export: Callable[[bytes], object]) -> None:
    """Send a number of blocks at a steady rate, each with new trace ids; late blocks follow without a pause."""
    begin = time.monotonic()
    for number, each in enumerate(itertools.islice(found, count)):
        time.sleep(max(0.0, begin + number * SPANS_A_BLOCK / spans_per_second - time.monotonic()))
        ids = [os.urandom(ID_BYTES) for _ in range(TRACES_A_BLOCK)]
        for request in each.requests:
            export(request.with_ids(ids))
