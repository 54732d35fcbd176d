"""Rates and durations before sampling, read from a real Prometheus: 10 000 requests through two agents."""

import bisect
import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Span, Status

from plan.span_metrics import BUCKETS_SECONDS
from tests.cluster.traffic import text
from tests.support.waiting import eventually
from tests.tools import prometheus
from tests.tools.span_metrics_stack import SpanMetricsStack, span_metrics_stack

pytestmark = pytest.mark.tools

REQUESTS, OF_A_REQUEST = 10_000, 50
# Service, name and kind of each span of a request; the first is the request itself.
SHAPE = (
    ("shop", "GET /cart", Span.SPAN_KIND_SERVER),
    ("shop", "POST /prices", Span.SPAN_KIND_CLIENT),
    ("prices", "POST /prices", Span.SPAN_KIND_SERVER),
)
# As the exporter writes it for the requests of this process, whose Pod is in team-b.
LABELS = ("service", "span_name", "span_kind", "status_code", "tenant", "k8s_namespace_name")
CALLS = "traces_spanmetrics_calls_total"
LATENCY = "traces_spanmetrics_latency"
SLOW_MS = 1000
_MS = 1_000_000
# Per cent of what was sent.
_TOLERANCE = 0.01


@dataclass(frozen=True)
class Request:
    """A trace: its id, how long each of its spans lasts in ms, and whether the last one failed."""

    id: bytes
    milliseconds: tuple[float, ...]
    failed: bool


@dataclass
class Seen:
    """What was sent, what Tempo got, and what Prometheus says."""

    sent: list[Request]
    kept: set[bytes] = field(default_factory=set)
    rates: prometheus.Series = field(default_factory=dict)
    durations: dict[str, float] = field(default_factory=dict)
    exemplars: list[tuple[bytes, float]] = field(default_factory=list)


def requests(count: int, seed: str) -> list[Request]:
    """Return the same requests for a seed: 1 % failed, 2 % slow, durations spread like those of real services."""
    chance = random.Random(seed)  # noqa: S311 - must be reproducible, protects nothing
    found = []
    for number in range(count):
        usual = tuple(min(900.0, chance.lognormvariate(3.0, 0.8)) for _ in SHAPE)
        slow = (chance.uniform(SLOW_MS, 4 * SLOW_MS), *usual[1:])
        found.append(Request(chance.randbytes(16), slow if number % 50 == 1 else usual, number % 100 == 0))
    return found


def always_kept(one: Request) -> bool:
    """Return whether the gateway keeps every request like this."""
    return one.failed or one.milliseconds[0] >= SLOW_MS


def exported(batch: Sequence[Request]) -> ExportTraceServiceRequest:
    """Return requests as one export, with a resource for each service."""
    begin = time.time_ns() - 10_000 * _MS
    services: dict[str, list[Span]] = {}
    for one in batch:
        for number, (service, name, kind) in enumerate(SHAPE):
            failed = one.failed and number == len(SHAPE) - 1
            span = Span(
                trace_id=one.id,
                span_id=bytes([number + 1]) * 8,
                parent_span_id=bytes([number]) * 8 if number else b"",
                name=name,
                kind=kind,
                start_time_unix_nano=begin,
                end_time_unix_nano=begin + round(one.milliseconds[number] * _MS),
                status=Status(code=Status.STATUS_CODE_ERROR) if failed else None,
            )
            services.setdefault(service, []).append(span)
    return ExportTraceServiceRequest(
        resource_spans=[
            ResourceSpans(
                resource=Resource(attributes=[text("service.name", service)]),
                scope_spans=[ScopeSpans(spans=spans)],
            )
            for service, spans in services.items()
        ]
    )


def send(stack: SpanMetricsStack, sent: Sequence[Request]) -> None:
    """Send requests to the agents in turn."""
    for number, start in enumerate(range(0, len(sent), OF_A_REQUEST)):
        agent = stack.agents[number % len(stack.agents)]
        agent.Export(exported(sent[start : start + OF_A_REQUEST]), timeout=10)


def counted(spans: int) -> float:
    """Wait until Prometheus has seen so many spans counted; return a time at which it had, for all other queries.

    At another time they could find less: an agent that answers a scrape late has no series until the next one.
    """

    def has_all() -> float | None:
        at = prometheus.settled()
        return at if sum(prometheus.values(f"sum({CALLS})", at=at).values()) == spans else None

    return eventually(has_all, f"{spans} spans are counted", 60)


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seen]:
    """Send 10 000 requests through the agents, a tenth of which the gateway keeps, and ask Prometheus."""
    first, sent = requests(200, "first"), requests(REQUESTS, "sent")
    with span_metrics_stack(tmp_path_factory.mktemp("stack"), {}) as stack:
        # A histogram does not begin with 0 in Prometheus, so its first values are in no rate().
        send(stack, first)
        began = counted(len(first) * len(SHAPE))
        send(stack, sent)
        ended = counted((len(first) + len(sent)) * len(SHAPE))
        found = Seen(sent)
        rates = f"sum by ({', '.join(LABELS)}) ({since(CALLS, began)})"
        found.rates = prometheus.values(rates, *LABELS, at=ended)
        found.durations = _durations(began, ended)
        always = {one.id for one in sent if always_kept(one)}
        eventually(
            lambda: time.monotonic() - stack.tempo.last > 8 and always <= _arrived(stack),
            "every trace is decided",
            60,
        )
        found.kept = _arrived(stack)
        seen_exemplars = prometheus.exemplars(f"{LATENCY}_bucket", time.time())
        found.exemplars = [
            (bytes.fromhex(one["labels"]["trace_id"]), float(one["value"])) for one in seen_exemplars
        ]
        yield found


def _arrived(stack: SpanMetricsStack) -> set[bytes]:
    return {span.trace_id for _, _, span in stack.tempo.spans()}


def since(counter: str, began: float) -> str:
    """Return the query for a counter's growth; increase() would extrapolate by up to a scrape at both ends.

    A label set that is new since then began at 0.
    """
    return f"({counter} - {counter} @ {began:.3f}) or {counter}"


def _durations(began: float, ended: float) -> dict[str, float]:
    """Return the mean and quantiles of the requests, which are the spans of the shop's server."""

    def increase(part: str) -> str:
        requests_alone = 'service="shop",span_name="GET /cart"'
        return f"sum by (le) ({since(f'{LATENCY}_{part}{{{requests_alone}}}', began)})"

    queries = {
        "mean": f"{increase('sum')} / {increase('count')}",
        **{f"0.{q}": f"histogram_quantile(0.{q}, {increase('bucket')})" for q in (50, 95, 99)},
    }
    return {name: next(iter(prometheus.values(query, at=ended).values())) for name, query in queries.items()}


def quantile(seconds: Sequence[float], share: float) -> float:
    """Return a quantile as Prometheus estimates it: linear within the bucket in which it lies."""
    ordered = sorted(seconds)
    rank = share * len(ordered)
    below = [bisect.bisect_right(ordered, bound) for bound in BUCKETS_SECONDS]
    bucket = next(number for number, count in enumerate(below) if count >= rank)
    lower, before = (BUCKETS_SECONDS[bucket - 1], below[bucket - 1]) if bucket else (0.0, 0)
    width: float = BUCKETS_SECONDS[bucket] - lower
    return lower + width * (rank - before) / (below[bucket] - before)


def test_a_tenth_of_the_requests_is_kept(seen: Seen) -> None:
    """All the others are in the metrics alone."""
    always = sum(map(always_kept, seen.sent))
    assert len(seen.kept) == pytest.approx(always + 0.1 * (REQUESTS - always), rel=0.15)


def test_rates_are_those_of_all_requests(seen: Seen) -> None:
    sent: Counter[tuple[str, ...]] = Counter()
    for one in seen.sent:
        for number, (service, name, kind) in enumerate(SHAPE):
            failed = one.failed and number == len(SHAPE) - 1
            status = f"STATUS_CODE_{'ERROR' if failed else 'UNSET'}"
            sent[service, name, Span.SpanKind.Name(kind), status, "shared", "team-b"] += 1
    assert seen.rates == pytest.approx(dict(sent), rel=_TOLERANCE)


def test_durations_are_those_of_all_requests(seen: Seen) -> None:
    seconds = [one.milliseconds[0] / 1000 for one in seen.sent]
    sent = {
        "mean": sum(seconds) / len(seconds),
        **{f"0.{q}": quantile(seconds, q / 100) for q in (50, 95, 99)},
    }
    assert seen.durations == pytest.approx(sent, rel=_TOLERANCE)


def test_kept_requests_alone_would_mislead(seen: Seen) -> None:
    """What the two tests above would find if metrics were made after sampling."""
    kept = [one for one in seen.sent if one.id in seen.kept]
    assert sum(one.failed for one in kept) / len(kept) > 5 * sum(one.failed for one in seen.sent) / REQUESTS
    mean_kept = sum(one.milliseconds[0] for one in kept) / len(kept) / 1000
    assert mean_kept > 2 * seen.durations["mean"]


def test_every_exemplar_leads_to_a_kept_trace(seen: Seen) -> None:
    """Slow requests and failed ones give exemplars."""
    assert {trace for trace, _ in seen.exemplars} <= seen.kept | {one.id for one in requests(200, "first")}
    failed = {one.id for one in seen.sent if one.failed}
    slow = {one.id for one in seen.sent if one.milliseconds[0] >= SLOW_MS}
    found = {trace for trace, _ in seen.exemplars}
    assert found & failed
    assert found & slow
