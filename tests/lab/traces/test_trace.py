import base64
import io
from typing import Any

import pytest
from google.protobuf.json_format import MessageToDict
from opentelemetry.proto.trace.v1.trace_pb2 import TracesData
from rich.console import Console

from lab.traces.request import Sent, checkout_request
from lab.traces.trace import SpanView, draw, spans_of

SECOND = 1_000_000_000
# Unix nanoseconds of some day in 2026.
TODAY = 1_795_658_377 * SECOND


def tempos_trace(sent: Sent) -> dict[str, Any]:
    """Return a sent request as Tempo answers it: OTLP's JSON, ids in base64."""
    return MessageToDict(TracesData.FromString(sent.body))


def span(name: str, span_id: str, parent_id: str = "", start: int = 0, end: int = 1, **fields: Any) -> SpanView:
    """Return a span; its times are in seconds of today, None for none."""
    known = {"service": "s", "error": None, "attributes": {}} | fields
    return SpanView(
        span_id, parent_id, name=name, start_ns=TODAY + start * SECOND, end_ns=TODAY + end * SECOND, **known
    )


def timeless(name: str, span_id: str, parent_id: str = "", start_ns: int = 0) -> SpanView:
    """Return a span without an end."""
    return SpanView(span_id, parent_id, "s", name, start_ns, 0, None, {})


@pytest.fixture
def spans() -> list[SpanView]:
    """The lab's own request, as it comes back."""
    return list(spans_of(tempos_trace(checkout_request())))


def drawn(spans: list[SpanView], width: int = 120) -> str:
    """Return the tree as text."""
    screen = io.StringIO()
    Console(file=screen, width=width).print(draw(spans, width))
    return screen.getvalue()


def test_spans_come_back_with_service_name_times_error_and_attributes(spans: list[SpanView]) -> None:
    """Everything that `make trace` shows comes from here."""
    (charge,) = (span for span in spans if span.name == "POST /charge")
    assert charge.service == "payment"
    assert charge.error == "card 4111 1111 1111 1111 declined"
    assert charge.end_ns - charge.start_ns == 390_000_000
    assert charge.attributes["http.route"] == "/charge"
    assert next(span for span in spans if span.name == "POST /checkout").error is None


def test_ids_are_hexadecimal_as_people_paste_them(spans: list[SpanView]) -> None:
    """Tempo's JSON writes them in base64, which no other tool takes."""
    answer = tempos_trace(checkout_request())
    encoded = answer["resourceSpans"][0]["scopeSpans"][0]["spans"][0]["spanId"]
    (first, *_) = spans_of(answer)
    assert first.span_id == base64.b64decode(encoded).hex()
    assert {len(span.span_id) for span in spans} == {16}


def test_fields_that_have_their_default_are_not_in_the_answer() -> None:
    """A span without an end, without a name or with an empty attribute is one nevertheless."""
    bare = {"resourceSpans": [{"scopeSpans": [{"spans": [{"attributes": [{"key": "a"}]}]}]}]}
    assert list(spans_of(bare)) == [SpanView("", "", "?", "", 0, 0, None, {"a": ""})]


def test_an_attribute_that_stands_twice_is_shown_twice() -> None:
    """A sender can do that, and which of the two another reader takes is not known."""
    pairs = [{"key": "a", "value": {"stringValue": one}} for one in ("1", "2")]
    (found,) = spans_of({"resourceSpans": [{"scopeSpans": [{"spans": [{"attributes": pairs}]}]}]})
    assert found.attributes == {"a": "1, 2"}


def test_the_tree_shows_who_called_whom_and_what_failed(spans: list[SpanView]) -> None:
    """A learner reads it from top to bottom: parents before children, in the order of time."""
    lines = drawn(spans).splitlines()
    assert lines[0].startswith("6 spans, 1840 ms")
    names = [
        "POST /checkout",
        "GET /cart/{id}",
        "POST /reserve",
        "SELECT stock",
        "POST /charge",
        "api.bank.example",
    ]
    assert [next(number for number, line in enumerate(lines) if name in line) for name in names] == list(
        range(1, 7)
    )
    assert "✗ 402 Payment Required" in lines[6]
    indent = [line.index("━") for line in lines[1:]]
    assert indent[0] < indent[3]


def test_a_span_whose_parent_is_missing_is_still_shown(spans: list[SpanView]) -> None:
    """Sampling, scrubbing and lost Pods make such traces, and those are the interesting ones."""
    orphans = [span for span in spans if span.name != "POST /reserve"]
    assert "SELECT stock" in drawn(orphans)


@pytest.mark.parametrize(
    "circle",
    [
        [span("alone", "a", "a")],
        [span("first", "a", "b"), span("second", "b", "a", start=1, end=2)],
        # What hangs on a circle began before it.
        [span("child", "c", "b"), span("first", "a", "b", start=1), span("second", "b", "a", start=2)],
        [span("twin", "a", "a"), span("other twin", "a", "a")],
    ],
)
def test_a_span_that_is_its_own_ancestor_is_shown_and_said_to_be(circle: list[SpanView]) -> None:
    """It has no root that leads to it, and must not vanish for that."""
    said = drawn(circle)
    assert all(one.name in said for one in circle)
    assert said.count("its own ancestor") == 1


def test_spans_that_share_an_id_are_all_shown_and_their_children_once() -> None:
    """Clients that count badly send such, and who reads the trace has to see it."""
    lines = drawn([span("one", "a"), span("other", "a"), span("child", "b", "a"), span("x", ""), span("y", "")])
    assert [lines.count(f"s  {name}\n") for name in ("one", "other", "child", "x", "y")] == [1, 1, 1, 1, 1]


@pytest.mark.parametrize("starts", [(0, 0), (TODAY, TODAY + 3600 * SECOND), (0, TODAY)])
def test_spans_that_never_ended_have_no_length(starts: tuple[int, int]) -> None:
    """Their end is 0: taken for a time, the bars would be longer than memory."""
    first, second = starts
    said = drawn([timeless("begun", "a", start_ns=first), timeless("too", "b", "a", start_ns=second)])
    assert said.count("? ms") == 2
    assert len(said) < 200


def test_a_span_without_times_does_not_stretch_the_trace_to_1970() -> None:
    lines = drawn([timeless("begun", "a"), span("whole", "b", "a", end=2)]).splitlines()
    assert lines[0] == "2 spans, 2000 ms"
    assert lines[2].count("━") == 24


def test_a_trace_deeper_than_python_calls_is_drawn_with_every_span() -> None:
    """A queue that traces its own messages makes one, wider than any screen at four columns a level."""
    chain = [span(f"call-{n}.", f"{n}", f"{n - 1}", start=n, end=n + 1) for n in range(3000)]
    said = drawn(chain, width=60)
    assert all(one.name in said for one in chain)
    assert "(2999 deep)" in said


def test_what_strangers_write_into_spans_is_shown_and_not_obeyed() -> None:
    """A name may hold codes that clear the screen, and a half of a character that ends the program."""
    said = drawn([span("\x1b[2J[red]\ud800", "a", service="\r\n", error="\x1b]0;title\x07")])
    assert r"\r\n  \x1b[2J[red]\ud800  ✗ \x1b]0;title\x07" in said
    assert "\x1b" not in said
