"""Spans of senders whose clocks are off: only their times differ."""

from tests.cluster.traffic import Trace, whole
from tests.faults.cases.clocks import shifted

_NS = 10**9


def test_every_span_is_earlier_or_later_and_else_the_same() -> None:
    request = whole([Trace(bytes(16), "failed")], "run")
    later = shifted(request, 300)
    pairs = [
        (one, other)
        for before, after in zip(request.resource_spans, later.resource_spans, strict=True)
        for one, other in zip(before.scope_spans[0].spans, after.scope_spans[0].spans, strict=True)
    ]
    assert [other.start_time_unix_nano - one.start_time_unix_nano for one, other in pairs] == [300 * _NS] * 4
    assert [other.end_time_unix_nano - one.end_time_unix_nano for one, other in pairs] == [300 * _NS] * 4
    assert shifted(later, -300) == request
