"""What becomes a label of a span metric, whatever a client sends: masked, true, short and few."""

import secrets
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Span

from render.names import OTLP_HTTP_PORT
from tests.cluster.traffic import text
from tests.support.waiting import eventually
from tests.tools import prometheus
from tests.tools.loopback import AGENT, direct_session
from tests.tools.span_metrics_stack import SpanMetricsStack, span_metrics_stack

pytestmark = pytest.mark.tools

LABEL_SETS = 100
NAMESPACE, ROUTE = "k8s.namespace.name", "http.route"
SECRET, KEY = "hunter2hunter2", "AKIAIOSFODNN7EXAMPLE"
CALLS = "traces_spanmetrics_calls_total"
UNNAMED, SHOP = None, "shop"


@dataclass(frozen=True)
class Sent:
    """A span's name, its service, its attributes in their order, and its trace state."""

    name: str
    service: str | None = SHOP
    attributes: tuple[tuple[str, str], ...] = ()
    trace_state: str = ""


ORDINARY = (
    Sent(f"GET /reset?token={SECRET}"),
    Sent("checkout", service=f"shop {KEY}"),
    Sent("GET /users/4711"),
    Sent("GET /users/0815/orders/3"),
    Sent("GET /orders/0b6c1f0e-5f0a-4d0e-9a3c-2f1d7c0b9a11"),
    Sent("x" * 5_000),
    Sent("unnamed", service=UNNAMED),
    Sent("claimed", attributes=((NAMESPACE, "team-a"), (NAMESPACE, "team-c"))),
    Sent("multiplied", trace_state="ot=th:fffffffffffff0"),
    Sent("routed", attributes=((ROUTE, "/cart/{id}"),)),
    Sent("routed", attributes=((ROUTE, ""),)),
    Sent("routed"),
)
# More than there is room for.
MANY = tuple(Sent(f"job-{number}-run") for number in range(3 * LABEL_SETS))
BROKEN = "broken-name"


def exported(sent: Sequence[Sent]) -> ExportTraceServiceRequest:
    """Return one export with a resource for each span."""
    found = []
    for one in sent:
        begin = time.time_ns() - 1_000_000_000
        span = Span(
            trace_id=secrets.token_bytes(16),
            span_id=secrets.token_bytes(8),
            name=one.name,
            trace_state=one.trace_state,
            start_time_unix_nano=begin,
            end_time_unix_nano=begin + 5_000_000,
            attributes=[text(key, value) for key, value in one.attributes],
        )
        resource = Resource(attributes=[text("service.name", one.service)] if one.service else [])
        found.append(ResourceSpans(resource=resource, scope_spans=[ScopeSpans(spans=[span])]))
    return ExportTraceServiceRequest(resource_spans=found)


def send_broken() -> None:
    """Send a span whose name is no UTF-8, and so is none that a client of the library could write."""
    body = exported([Sent(BROKEN)]).SerializeToString().replace(b"broken", b"\xff\xfe\xfd\xfc\xfb\xfa")
    with direct_session() as session:
        answer = session.post(
            f"http://{AGENT}:{OTLP_HTTP_PORT}/v1/traces",
            data=body,
            headers={"Content-Type": "application/x-protobuf"},
            timeout=10,
        )
    assert answer.ok, answer.text


def counted() -> prometheus.Series:
    """Return the counted spans by service, span name, namespace, route and the mark of the overflow."""
    labels = ("service", "span_name", "k8s_namespace_name", "http_route", "otel_metric_overflow")
    return prometheus.values(f"sum by ({', '.join(labels)}) ({CALLS})", *labels)


@dataclass
class Seen:
    """Counts after the ordinary spans, after the broken one, and after too many."""

    ordinary: prometheus.Series
    after_broken: prometheus.Series
    overflowing: prometheus.Series
    label_sets: int


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seen]:
    """Send everything through one agent."""
    changes = {"span_metrics.max_label_sets_per_agent": LABEL_SETS, "span_metrics.dimensions": [ROUTE]}
    with span_metrics_stack(tmp_path_factory.mktemp("stack"), changes, agents=1) as stack:
        ordinary = _send(stack, ORDINARY, 0)
        send_broken()
        after_broken = _send(stack, ORDINARY, len(ORDINARY) + 1)
        overflowing = _send(stack, MANY, 2 * len(ORDINARY) + 1)
        # There is none of them after a scrape that took too long.
        (sets,) = eventually(lambda: prometheus.values(f"count({CALLS})"), "label sets are counted", 30).values()
        yield Seen(ordinary, after_broken, overflowing, int(sets))


def _send(stack: SpanMetricsStack, sent: Sequence[Sent], before: int) -> prometheus.Series:
    stack.agents[0].Export(exported(sent), timeout=10)
    wanted = before + len(sent)
    return eventually(
        lambda: found if sum((found := counted()).values()) >= wanted else None, f"{wanted} spans are counted", 30
    )


def names(series: prometheus.Series) -> set[str]:
    """Return the names of spans in the labels."""
    return {name for _, name, *_ in series}


def test_no_secret_becomes_a_label(seen: Seen) -> None:
    labels = " ".join(label for series in seen.ordinary for label in series)
    assert SECRET not in labels
    assert KEY not in labels


def test_ids_in_paths_share_one_series(seen: Seen) -> None:
    assert {"GET /users/{id}", "GET /users/{id}/orders/{id}", "GET /orders/{id}"} <= names(seen.ordinary)


def test_a_long_name_is_cut(seen: Seen) -> None:
    assert max(map(len, names(seen.ordinary))) == 128


def test_a_service_without_a_name_is_counted(seen: Seen) -> None:
    assert seen.ordinary["unknown_service", "unnamed", "team-b", "", ""] == 1


def test_a_client_counts_in_its_own_namespace_and_once(seen: Seen) -> None:
    """Neither an attribute of a span nor a sampling rate in the trace state is believed."""
    assert seen.ordinary[SHOP, "claimed", "team-b", "", ""] == 1
    assert seen.ordinary[SHOP, "multiplied", "team-b", "", ""] == 1


def test_an_attribute_of_the_settings_becomes_a_label(seen: Seen) -> None:
    assert seen.ordinary[SHOP, "routed", "team-b", "/cart/{id}", ""] == 1
    assert seen.ordinary[SHOP, "routed", "team-b", "", ""] == 2


def test_a_name_that_is_no_text_hides_nothing_else(seen: Seen) -> None:
    assert {series: seen.after_broken[series] for series in seen.ordinary} == {
        series: 2 * count for series, count in seen.ordinary.items()
    }
    assert seen.after_broken[SHOP, "??????-name", "team-b", "", ""] == 1


def test_beyond_the_limit_spans_are_counted_together(seen: Seen) -> None:
    """None is lost, and what had a series keeps it."""
    own = sum(count for series, count in seen.overflowing.items() if not series[-1])
    together = seen.overflowing["", "", "", "", "true"]
    assert own + together == 2 * len(ORDINARY) + 1 + len(MANY)
    assert together >= len(MANY) - LABEL_SETS
    assert seen.label_sets == LABEL_SETS + 1
    assert {series: seen.overflowing[series] for series in seen.ordinary} == {
        series: 2 * count for series, count in seen.ordinary.items()
    }
