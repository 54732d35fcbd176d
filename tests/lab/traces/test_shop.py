from collections import defaultdict

from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from lab.traces.shop import Shop

_END_NS = 1_700_000_000_000_000_000


def spans(seed: int, count: int = 200) -> list[tuple[str, Span]]:
    """Return the spans of so many traces, each with its service."""
    return [
        (part.resource.attributes[0].value.string_value, span)
        for part in Shop(seed).requests(count, _END_NS).resource_spans
        for span in part.scope_spans[0].spans
    ]


def test_the_same_seed_gives_the_same_bytes() -> None:
    assert Shop(7).requests(20, _END_NS).SerializeToString() == Shop(7).requests(20, _END_NS).SerializeToString()
    assert Shop(7).requests(20, _END_NS) != Shop(8).requests(20, _END_NS)


def test_a_minute_of_load_holds_every_case_that_panels_and_pages_show() -> None:
    found = spans(1)
    assert {service for service, _ in found} == {
        *("storefront", "cart", "catalogue", "inventory", "payment", "mailer"),
    }
    ids = {span.span_id for _, span in found}
    assert any(span.status.code == Status.STATUS_CODE_ERROR for _, span in found)
    assert any(span.parent_span_id and span.parent_span_id not in ids for _, span in found)
    durations = [(span.end_time_unix_nano - span.start_time_unix_nano) / 1e9 for _, span in found]
    assert max(durations) > 1
    names = {attribute.key for _, span in found for attribute in span.attributes}
    assert {"http.request.method", "http.method", "db.query.text", "db.statement", "user.id"} <= names


def test_a_trace_has_one_root_and_its_children_lie_within_it() -> None:
    """Or a waterfall would draw spans outside of its scale; messages may be read after their request has ended."""
    traces: dict[bytes, list[Span]] = defaultdict(list)
    for _, span in spans(2, 50):
        traces[span.trace_id].append(span)
    for own in traces.values():
        (root,) = (span for span in own if not span.parent_span_id)
        assert all(span.start_time_unix_nano >= root.start_time_unix_nano for span in own)
        synchronous = [span for span in own if span.end_time_unix_nano <= root.end_time_unix_nano]
        assert len(own) - len(synchronous) <= 2
        assert all(span.start_time_unix_nano <= span.end_time_unix_nano for span in own)
