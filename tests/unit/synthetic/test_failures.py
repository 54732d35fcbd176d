"""Whatever a server does, the check ends in time and says why it failed."""

import threading
import time
from dataclasses import replace

import pytest

from synthetic.check import Attempts
from synthetic.measures import Measures
from synthetic.stored import Stored
from synthetic.tempo import by_id, by_search, write
from synthetic.trace import trace_of
from synthetic.web import CheckError
from tests.unit.synthetic.hostile import Answer, config, drips, hangs_up, says, says_json, serving, speaks_no_http

TRACE = trace_of("test", "gateway", "one", 1, 1_800_000_000.0)
_SPAN = {"spanId": "AAAAAAAAAAE="}


def _trace(spans: int) -> dict[str, object]:
    return {"trace": {"resourceSpans": [{"scopeSpans": [{"spans": [_SPAN] * spans}]}]}}


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (says(500, b"broken"), "status_5xx"),
        (says(429, b"slower"), "status_4xx"),
        (says(302, b""), "garbage"),
        (says(200, b"<html>"), "garbage"),
        (says(200, b"[" * 100_000), "garbage"),
        (says(200, b"x" * 2_000_000), "garbage"),
        (says_json([]), "garbage"),
        (says_json({"trace": 7}), "garbage"),
        (says_json({"trace": {"resourceSpans": [7]}}), "garbage"),
        (says(404, b"none"), "not_found"),
        (says_json({}), "not_found"),
        (says_json(_trace(1)), "incomplete"),
        (says_json(_trace(2) | {"status": "PARTIAL", "message": "too large"}), "partial"),
        (hangs_up, "refused"),
        (speaks_no_http, "garbage"),
        (drips, "timeout"),
    ],
)
def test_a_read_that_fails_says_how(answer: Answer, reason: str) -> None:
    began = time.monotonic()
    with serving(answer) as url, pytest.raises(CheckError) as caught:
        by_id(config(url), "one", TRACE)
    assert caught.value.reason == reason
    assert time.monotonic() - began < 6


def test_a_read_succeeds_only_with_both_spans() -> None:
    with serving(says_json(_trace(2))) as url:
        assert by_id(config(url), "one", TRACE) is None


@pytest.mark.parametrize(
    ("url", "reason"),
    [("http://127.0.0.1:1", "refused"), ("http://no-such-host.invalid:80", "dns")],
)
def test_a_server_that_is_not_there_is_told_from_a_name_that_is_not(url: str, reason: str) -> None:
    # A slow resolver would be a timeout.
    settings = replace(config(url), request_seconds=60)
    with pytest.raises(CheckError) as caught:
        by_id(settings, "one", TRACE)
    assert caught.value.reason == reason


def test_a_server_without_tls_or_without_the_files_is_a_failure_of_tls() -> None:
    with serving(says_json({})) as url, pytest.raises(CheckError) as caught:
        by_id(config(url.replace("http:", "https:")), "one", TRACE)
    assert caught.value.reason == "tls"


def test_a_search_that_finds_other_traces_only_has_not_found_it() -> None:
    with serving(says_json({"traces": [{"traceID": "ab"}]})) as url, pytest.raises(CheckError) as caught:
        by_search(config(url), "one", TRACE)
    assert caught.value.reason == "not_found"


def test_a_search_finds_an_id_whose_leading_zeros_tempo_left_out() -> None:
    trace = replace(TRACE, id="00" + TRACE.id[2:])
    with serving(says_json({"traces": [{"traceID": trace.id.lstrip("0")}]})) as url:
        by_search(config(url), "one", trace)


def test_spans_that_a_receiver_rejects_were_not_written() -> None:
    answer = says_json({"partialSuccess": {"rejectedSpans": "2", "errorMessage": "no"}})
    with serving(answer) as url:
        settings = config(url)
        with pytest.raises(CheckError) as caught:
            write(settings, settings.ways[0], TRACE, 0)
    assert caught.value.reason == "rejected"


def _attempts(url: str, measures: Measures) -> Attempts:
    settings = config(url)
    return Attempts(settings, settings.ways[0], measures, threading.Event())


def test_an_attempt_that_finds_nothing_ends_at_its_deadline_and_counts_each_read_once() -> None:
    """It polls meanwhile: neither once only, nor without a pause."""
    asked = []

    def nothing(handler: object) -> None:
        asked.append(handler)
        says_json({})(handler)  # type: ignore[arg-type]

    measures = Measures()
    with serving(nothing) as url:
        # Long enough for several rounds on a machine that stalls.
        settings = replace(config(url), deadline_seconds=3)
        attempts = Attempts(settings, settings.ways[0], measures, threading.Event())
        began = time.monotonic()
        attempts.attempt(1)
        # The last round may begin at the deadline, with two reads.
        assert 3 <= time.monotonic() - began < 3 + 2 * settings.request_seconds
    text = measures.text()
    assert 'attempts_total{way="gateway",tenant="one",read="write"} 1.000' in text
    for read in ("id", "search"):
        assert f'failures_total{{way="gateway",tenant="one",read="{read}",reason="not_found"}} 1.000' in text
        assert f'attempts_total{{way="gateway",tenant="one",read="{read}"}} 1.000' in text
    # A write, and two reads in each round: one every 0.1 s at most, and one at the deadline.
    assert 5 <= len(asked) <= 1 + 2 * (3 / settings.poll_seconds + 1)


def test_what_was_not_written_is_not_read() -> None:
    measures = Measures()
    with serving(says(503, b"")) as url:
        _attempts(url, measures).attempt(1)
    assert 'failures_total{way="gateway",tenant="one",read="write",reason="status_5xx"} 1.000' in measures.text()
    assert 'attempts_total{way="gateway",tenant="one",read="id"} 0.000' in measures.text()


@pytest.mark.parametrize(
    ("answer", "attempts", "failures"),
    [(says(404, b""), 0, 0), (says_json(_trace(2)), 1, 0), (says(500, b""), 1, 1)],
)
def test_after_a_start_nobody_knows_whether_there_was_an_older_trace(
    answer: Answer, attempts: int, failures: int
) -> None:
    """A first installation must not alert; a Tempo that does not answer must."""
    measures = Measures()
    with serving(answer) as url:
        settings = config(url)
        Stored(settings, settings.ways[0], _attempts(url, Measures()), measures).read()
    text, labels = measures.text(), 'way="gateway",tenant="one",read="stored"'
    assert f"attempts_total{{{labels}}} {attempts}.000" in text
    assert f'failures_total{{{labels},reason="status_5xx"}} {failures}.000' in text


def test_the_ids_of_a_time_are_the_same_after_a_restart_and_differ_by_way_and_tenant() -> None:
    assert trace_of("s", "agent", "one", 7, 1.0).id == trace_of("s", "agent", "one", 7, 2.0).id
    ids = {trace_of("s", way, tenant, 7, 1.0).id for way in ("agent", "gateway") for tenant in ("one", "two")}
    assert len(ids) == 4
    assert TRACE.run.isalpha()
