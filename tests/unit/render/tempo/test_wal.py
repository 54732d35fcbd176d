"""Traces that arrive late are found by their own time: every process that writes blocks states it."""

from typing import Any

import pytest

from settings.retention import Retention
from tests.support.tempo_configs import config_of, of_3

_WRITERS: dict[str, tuple[dict[str, Any], str, tuple[str, ...]]] = {
    "2.x": ({}, "prod", ("storage", "trace", "wal")),
    "3.x, block builder": (of_3(), "prod", ("block_builder", "wal")),
    "3.x, live store": (of_3(), "prod", ("live_store", "wal")),
    "3.x, monolith": (of_3(kafka=False), "dojo", ("live_store", "wal")),
}


def _slack_hours(writer: str) -> int:
    changes, stack, path = _WRITERS[writer]
    section = config_of(stack, changes)
    for key in path:
        section = section[key]
    return int(str(section["ingestion_time_range_slack"]).removesuffix("h"))


@pytest.mark.parametrize("writer", _WRITERS)
def test_a_span_that_waited_in_a_queue_for_a_day_keeps_its_time(writer: str) -> None:
    """By default Tempo takes the time of arrival for a span that is two minutes old."""
    assert _slack_hours(writer) > 24


@pytest.mark.parametrize("writer", _WRITERS)
def test_the_buckets_own_expiry_still_deletes_only_what_tempo_has_deleted(writer: str) -> None:
    """A span from the future delays its block's deletion by the slack at most."""
    margin_days = Retention.model_json_schema()["properties"]["bucket_expiry_margin_days"]["minimum"]
    assert _slack_hours(writer) < margin_days * 24
