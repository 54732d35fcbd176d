from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from lab.traces.request import RUN_ATTRIBUTE, Sent, checkout_request


def spans_of(sent: Sent) -> dict[str, list[Span]]:
    """Return the spans of a request by service, read as a receiver reads them."""
    request = ExportTraceServiceRequest.FromString(sent.body)
    found = {}
    for resource in request.resource_spans:
        (service,) = (a.value.string_value for a in resource.resource.attributes if a.key == "service.name")
        found[service] = [span for scope in resource.scope_spans for span in scope.spans]
    return found


def all_spans(sent: Sent) -> list[Span]:
    """Return all spans of a request."""
    return [span for own in spans_of(sent).values() for span in own]


def test_the_request_is_one_trace_of_several_services_with_one_root() -> None:
    """A trace in pieces could not be drawn as the tree that it is shown as."""
    sent = checkout_request()
    spans = all_spans(sent)
    assert set(spans_of(sent)) == {"storefront", "cart", "inventory", "payment"}
    assert {span.trace_id.hex() for span in spans} == {sent.trace_id}
    ids = {span.span_id for span in spans}
    assert len(ids) == len(spans)
    assert [span.name for span in spans if span.parent_span_id not in ids] == ["POST /checkout"]


def test_every_span_lies_within_its_parent() -> None:
    """A child that outlasts its parent would be a riddle of the lab's own making."""
    spans = {span.span_id: span for span in all_spans(checkout_request())}
    for span in spans.values():
        if parent := spans.get(span.parent_span_id):
            assert parent.start_time_unix_nano <= span.start_time_unix_nano
            assert span.end_time_unix_nano <= parent.end_time_unix_nano


def test_every_span_carries_the_run_by_which_it_is_found() -> None:
    """A search for the run must not find an earlier one's trace."""
    sent = checkout_request()
    for span in all_spans(sent):
        assert [a.value.string_value for a in span.attributes if a.key == RUN_ATTRIBUTE] == [sent.run]


def test_two_requests_have_nothing_in_common() -> None:
    """Each `make up` sends one; Tempo would merge two of the same id."""
    one, two = checkout_request(), checkout_request()
    assert one.run != two.run
    assert one.trace_id != two.trace_id


def test_the_request_fails_is_slow_and_holds_what_scrubbing_must_take_out() -> None:
    """It is what shows a learner sampling and scrubbing at once."""
    spans = all_spans(checkout_request())
    failed = [span for span in spans if span.status.code == Status.STATUS_CODE_ERROR]
    assert failed
    slowest = max(span.end_time_unix_nano - span.start_time_unix_nano for span in spans)
    assert slowest > 1_000_000_000
    text = "".join(str(span) for span in spans)
    for secret in ("4111 1111 1111 1111", "Bearer lab-token-0123", "ada@example.com"):
        assert secret in text
