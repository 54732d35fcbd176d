"""Recent traces are always answered by somebody: by the processes that hold them, or by the bucket."""

from collections.abc import Mapping

import pytest
from hypothesis import given

from plan.plan import make_plan
from plan.tempo.timing import LATE_SECONDS, TimingPlan
from settings.stack import StackSettings
from tests.support.stacks import settings_of
from tests.support.strategies import valid_settings
from tests.support.tempo_configs import of_3


def timing_of(changes: Mapping[str, object]) -> TimingPlan:
    """Return the times of the changed dojo."""
    return make_plan(settings_of("dojo", {"retention.compacted_block_hours": 2, **changes})).timing


@pytest.mark.parametrize(("poll", "seconds"), [(5, 900), (450, 900), (451, 902), (3600, 7200)])
def test_ingesters_answer_until_two_polls_have_passed(poll: int, seconds: int) -> None:
    assert timing_of({"tempo.blocklist_poll_seconds": poll}).recent_seconds == seconds


@pytest.mark.parametrize(("poll", "seconds"), [(5, 900), (85, 900), (86, 902), (300, 1330), (3600, 7930)])
def test_live_stores_answer_for_a_flush_more(poll: int, seconds: int) -> None:
    """Only the bucket answers beyond the age: 360 s late, 10 s idle, 300 s to the flush, 60 s of it, two polls."""
    changes = {"tempo.blocklist_poll_seconds": poll, "tempo.max_block_duration_seconds": 1800}
    assert timing_of(of_3(changes, kafka=False)).recent_seconds == seconds


@pytest.mark.parametrize(("poll", "seconds"), [(5, 900), (85, 900), (86, 902), (300, 1330), (3600, 7930)])
def test_metrics_generators_answer_for_a_flush_more(poll: int, seconds: int) -> None:
    timing = timing_of({"tempo.blocklist_poll_seconds": poll, "tempo.max_block_duration_seconds": 1800})
    assert (timing.metrics_flush_seconds, timing.metrics_recent_seconds) == (300, seconds)


@pytest.mark.parametrize(("window", "longest"), [(24, 26), (168, 172), (720, 730)])
def test_a_query_may_be_longer_than_the_window(window: int, longest: int) -> None:
    """By the hour that the end of summer time adds, and by three of the 240 steps that Tempo makes of a window."""
    changes: dict[str, object] = {"tempo.search_window_hours": window, "retention.detailed_hours": 24}
    assert timing_of(changes).longest_query_hours == longest


@pytest.mark.parametrize(("poll", "seconds"), [(5, 3600), (1200, 3600), (1201, 3603), (3600, 10_800)])
def test_finished_jobs_are_remembered_for_three_polls(poll: int, seconds: int) -> None:
    assert timing_of({"tempo.blocklist_poll_seconds": poll}).job_memory_seconds == seconds


@pytest.mark.parametrize(("idle", "seconds"), [(5, 30), (30, 30), (60, 60)])
def test_a_trace_may_live_for_as_long_as_it_may_be_idle(idle: int, seconds: int) -> None:
    assert timing_of({"tempo.trace_idle_seconds": idle}).trace_live_seconds == seconds


@given(settings=valid_settings())
def test_a_span_is_found_in_the_bucket_before_its_holder_forgets_it(settings: StackSettings) -> None:
    timing = make_plan(settings).timing
    assert timing.recent_seconds >= 2 * settings.tempo.blocklist_poll_seconds
    assert timing.unseen_seconds >= timing.flush_seconds + 2 * settings.tempo.blocklist_poll_seconds
    assert timing.metrics_kept_seconds > timing.metrics_recent_seconds
    assert timing.metrics_recent_seconds > (
        LATE_SECONDS + timing.metrics_flush_seconds + 2 * settings.tempo.blocklist_poll_seconds
    )
    assert timing.flush_seconds <= settings.tempo.max_block_duration_seconds
