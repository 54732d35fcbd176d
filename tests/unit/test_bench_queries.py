"""The pure parts of the benchmark of queries: its traffic, its percentiles, its text."""

import math
import time
from urllib.parse import parse_qs, urlsplit

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from bench.markdown import figures
from bench.queries.ask import SEARCHES, Times, lookups, search_paths
from bench.queries.report import Answers, text
from bench.queries.traffic import REQUESTS_A_SECOND, prepared, spans_of
from tests.support.stacks import settings_of

RATE = 2000
REQUESTS = prepared(RATE)


def parsed(body: bytes) -> ExportTraceServiceRequest:
    return ExportTraceServiceRequest.FromString(body)


def test_the_requests_of_a_second_carry_the_rate() -> None:
    spans = sum(request.spans for request in REQUESTS) / len(REQUESTS)
    assert spans * REQUESTS_A_SECOND == pytest.approx(RATE, rel=0.1)


def test_a_request_is_sent_again_with_other_ids_and_times_and_nothing_else() -> None:
    request, later = REQUESTS[0], time.time_ns() + 10**12
    first, second = parsed(request.at(request.ended_ns)), parsed(request.at(later))
    pairs = list(zip(spans_of(first), spans_of(second), strict=True))
    assert len(pairs) == request.spans
    assert {one.trace_id for one, _ in pairs} & {two.trace_id for _, two in pairs} == set()
    for one, two in pairs:
        assert two.start_time_unix_nano - one.start_time_unix_nano == later - request.ended_ns
        assert (
            two.end_time_unix_nano - two.start_time_unix_nano == one.end_time_unix_nano - one.start_time_unix_nano
        )
        assert (one.span_id, one.parent_span_id, one.name) == (two.span_id, two.parent_span_id, two.name)


def test_the_spans_of_a_trace_stay_together() -> None:
    request = REQUESTS[0]
    before, after = ([span.trace_id for span in spans_of(parsed(request.at(request.ended_ns)))] for _ in range(2))
    assert len(set(before)) == len(set(after)) > 1
    assert len(set(zip(before, after, strict=True))) == len(set(after))


def test_no_trace_ends_after_the_time_that_is_given() -> None:
    now = time.time_ns()
    assert max(span.end_time_unix_nano for span in spans_of(parsed(REQUESTS[0].at(now)))) <= now


def test_percentiles_lie_among_the_answers_and_errors_beside_them() -> None:
    times = Times([float(number) for number in range(1, 101)], errors=3)
    assert times.median == 50.5
    assert times.p95 == pytest.approx(95.05)
    assert Times([7.0, 7.0]).p95 == 7


def test_without_answers_there_is_no_percentile() -> None:
    assert math.isnan(Times().p95)
    assert math.isnan(Times().median)


def test_every_search_has_its_range_of_time() -> None:
    for path, (query, back) in zip(search_paths(10_000), SEARCHES, strict=True):
        asked = parse_qs(urlsplit(path).query)
        assert asked["q"] == [query]
        assert int(asked["end"][0]) - int(asked["start"][0]) == back


def test_every_trace_is_looked_up_once_before_any_is_again() -> None:
    ids = [f"{number:032x}" for number in range(50)]
    paths = lookups(ids)
    assert {next(paths) for _ in ids} == {f"/api/v2/traces/{each}" for each in ids}


def answers(planned: int, milliseconds: float) -> Answers:
    times = Times([milliseconds] * 20, errors=1)
    return Answers(
        planned=planned,
        sent=planned,
        refused=0,
        stored=planned / 2,
        own_cores=0.2,
        busy_cores=1.5,
        blocks=4,
        ids=60,
        searches=times,
        lookups=Times([milliseconds / 10] * 30),
    )


def test_the_text_has_both_loads_and_what_they_mean() -> None:
    found = text("dojo", settings_of("dojo"), [answers(2000, 80), answers(4000, 120)])
    assert "95 of 100 searches are answered within 80 ms" in found
    assert "2 times the peak, within 120 ms and 12 ms" in found
    assert "| search: answers, errors | 20, 1 | 20, 1 |" in found
    assert "|  | 2 000 spans/s | 4 000 spans/s |" in found


def test_a_table_is_aligned_to_the_right_but_for_its_first_column() -> None:
    assert figures(("a", "b"), [("1", "2")]) == "| a | b |\n| --- | ---: |\n| 1 | 2 |"
