"""TraceQL metrics count every span, from metrics generators and from the bucket, over each permitted window."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cluster.tempo_api import Query, TempoApi
from tests.cluster.traffic import SPANS_PER_TRACE
from tests.support.stacks import settings_of
from tests.support.waiting import eventually
from tests.tools.tempo_cluster import HOUR_SECONDS, METRICS_RECENT_SECONDS, TENANTS, tempo_cluster

pytestmark = pytest.mark.tools

_TENANT = TENANTS[0]
_TRACES = 25
_SPANS = _TRACES * SPANS_PER_TRACE
_RETENTION = settings_of("prod").retention
_RETENTION_HOURS, _LONGEST_RETENTION_HOURS = _RETENTION.detailed_hours, _RETENTION.longest_hours
# A trace is idle, is cut, and its block is flushed and polled, all within the times of `tempo_cluster`.
_COUNTED_SECONDS = 90.0


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TempoApi]:
    """Return the API of a Tempo in microservices mode that has accepted some spans."""
    folder: Path = tmp_path_factory.mktemp("tempo")
    # Longer than all tests together: none may lose a trace, however slow the machine is.
    with tempo_cluster(folder, HOUR_SECONDS) as cluster, cluster.api(_TENANT) as connected:
        cluster.send(_TENANT, _TRACES)
        yield connected


def count(api: TempoApi, begin: float, end: float) -> int:
    """Return the spans that a TraceQL metrics query counts between two times, in steps that Tempo chooses."""
    query: Query = {"q": "{} | count_over_time()", "start": int(begin), "end": int(end)}
    answer = api.get("/api/metrics/query_range", query)
    assert answer.ok, f"{answer.status_code}: {answer.text}"
    series = answer.json().get("series", [])
    return int(sum(sample.get("value", 0) for one in series for sample in one.get("samples", [])))


def test_generators_count_the_spans_of_the_last_half_hour(api: TempoApi) -> None:
    now = time.time()
    eventually(
        lambda: count(api, now - HOUR_SECONDS / 2, now + 60) == _SPANS,
        "every span is counted once",
        _COUNTED_SECONDS,
    )


def test_the_bucket_counts_spans_that_generators_are_not_asked_about(api: TempoApi) -> None:
    """The window ends before the age up to which queries go to generators."""
    eventually(
        lambda: count(api, time.time() - 3 * HOUR_SECONDS, time.time() - METRICS_RECENT_SECONDS) == _SPANS,
        "every span is counted once",
        _COUNTED_SECONDS,
    )


@pytest.mark.parametrize("hours", [_RETENTION_HOURS, _LONGEST_RETENTION_HOURS, _LONGEST_RETENTION_HOURS + 1])
def test_a_query_over_the_whole_retention_is_answered(api: TempoApi, hours: int) -> None:
    """A window in local time is an hour longer when summer time ends within it."""
    eventually(
        lambda: count(api, (now := time.time()) - hours * HOUR_SECONDS, now) == _SPANS,
        "every span is counted once",
        _COUNTED_SECONDS,
    )


def test_a_search_over_the_longest_retention_and_an_hour_is_answered(api: TempoApi) -> None:
    eventually(
        lambda: _found(api, _LONGEST_RETENTION_HOURS + 1) == _TRACES, "every trace is found", _COUNTED_SECONDS
    )


def _found(api: TempoApi, hours: int) -> int:
    """Return the number of traces that a search over the last hours finds."""
    now = int(time.time())
    window: Query = {"q": "{}", "limit": 1000, "start": now - hours * HOUR_SECONDS, "end": now}
    answer = api.get("/api/search", window)
    assert answer.ok, f"{answer.status_code}: {answer.text}"
    return len(answer.json().get("traces") or [])
