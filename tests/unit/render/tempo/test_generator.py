"""Metrics generators: they run for what is asked for, see every span, and never leave a gap before the bucket."""

from typing import Any

import pytest
from hypothesis import given

from plan.plan import make_plan
from render.tempo.config import tempo_config
from render.tempo.overrides import tenant_overrides
from settings.sampling import Sampling
from settings.stack import StackSettings
from tests.support.stacks import ABSENT, UNMONITORED, settings_of
from tests.support.tempo_configs import config_of, of_3, seconds, settings_of_major

WITHOUT_PROMETHEUS = {"grafana.prometheus_url": ABSENT, "retention.aggregated_metrics_days": None}
WITHOUT_TRACEQL: dict[str, Any] = {"tempo.traceql_metrics": False}


def limits_of(changes: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return what metrics generators do for the tenants of the changed production; empty without them."""
    settings = settings_of("prod", changes)
    block = tenant_overrides(settings, make_plan(settings))["overrides"]["backstage"]
    return dict(block.get("metrics_generator", {}))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ["service-graphs", "local-blocks"]),
        ({"span_metrics.source": "tempo"}, ["service-graphs", "span-metrics", "local-blocks"]),
        (WITHOUT_PROMETHEUS, ["local-blocks"]),
        (WITHOUT_TRACEQL, ["service-graphs"]),
        (WITHOUT_TRACEQL | {"span_metrics.source": "tempo"}, ["service-graphs", "span-metrics"]),
        (of_3(), ["service-graphs"]),
    ],
)
def test_the_processors_are_those_that_are_asked_for(changes: dict[str, Any], expected: list[str]) -> None:
    """3.x refuses a processor that it does not have, and answers TraceQL metrics without it."""
    assert limits_of(changes)["processors"] == expected
    assert "metrics_generator" in config_of("prod", changes)


@pytest.mark.parametrize("changes", [WITHOUT_PROMETHEUS | WITHOUT_TRACEQL, of_3(WITHOUT_PROMETHEUS)])
def test_the_generator_is_off_where_nothing_is_asked_of_it(changes: dict[str, Any]) -> None:
    assert "metrics_generator" not in config_of("prod", changes)
    assert limits_of(changes) == {}


def test_a_generator_writes_to_no_prometheus_that_is_not_there() -> None:
    assert config_of("dojo", UNMONITORED)["metrics_generator"]["storage"] == {"path": "/var/tempo/generator/wal"}


def test_every_span_is_counted_and_stays_countable() -> None:
    """By default Tempo counts the spans of servers only, and forgets them after an hour."""
    blocks = config_of("prod")["metrics_generator"]["processor"]["local_blocks"]
    assert (blocks["filter_server_spans"], blocks["flush_to_storage"]) == (False, True)


@given(settings=settings_of_major(2))
def test_a_generator_answers_until_the_bucket_does(settings: StackSettings) -> None:
    config = tempo_config(settings, make_plan(settings))
    if not settings.tempo.traceql_metrics:
        assert "metrics" not in config["query_frontend"]
        return
    blocks = config["metrics_generator"]["processor"]["local_blocks"]
    asked = seconds(config["query_frontend"]["metrics"]["query_backend_after"])
    assert seconds(blocks["complete_block_timeout"]) > asked
    assert asked >= seconds(blocks["max_block_duration"]) + 2 * settings.tempo.blocklist_poll_seconds


@pytest.mark.parametrize(("changes", "has_blocks"), [({}, True), (of_3(), False)])
def test_a_span_that_waited_for_the_longest_sampling_decision_is_still_counted(
    changes: dict[str, Any], *, has_blocks: bool
) -> None:
    """Tempo's default of 30 s would ignore all spans once a decision takes as long; 3.x has no second one."""
    field = Sampling.model_json_schema()["properties"]["decision_wait_seconds"]
    section = config_of("prod", changes)["metrics_generator"]
    slack = section["metrics_ingestion_time_range_slack"]
    assert seconds(slack) >= field["maximum"] + 60
    of_blocks = section.get("traces_storage", {}).get("ingestion_time_range_slack")
    assert of_blocks == (slack if has_blocks else None)


@pytest.mark.parametrize("major_changes", [{}, of_3()])
def test_one_tenant_cannot_exhaust_the_generators_memory(major_changes: dict[str, Any]) -> None:
    changes = major_changes | {"grafana.max_active_series_per_tenant": 5_000}
    assert limits_of(changes)["max_active_series"] == 5_000


@pytest.mark.parametrize("kind", ["search", "metrics"])
def test_a_query_over_the_window_and_an_hour_is_permitted(kind: str) -> None:
    """The end of summer time adds an hour to a window in local time."""
    assert config_of("prod")["query_frontend"][kind]["max_duration"] == "730h"
