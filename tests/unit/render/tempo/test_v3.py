"""Tempo 3 from the same settings: documented keys only, because no binary is available to refuse others."""

from typing import Any

import pytest
from hypothesis import given

from plan.plan import make_plan
from render.tempo.config import tempo_config
from render.tempo.overrides import tenant_overrides
from settings.stack import StackSettings
from tests.support.stacks import settings_of
from tests.support.tempo_configs import config_of, documented, of_3, seconds, settings_of_major, undocumented


def test_the_manifest_is_whole() -> None:
    assert len(documented(3)) == 831
    assert "live_store.complete_block_timeout" in documented(3)


@given(settings=settings_of_major(3))
def test_every_key_is_documented_for_the_version(settings: StackSettings) -> None:
    """Tempo 3 exits at start when its configuration has an unknown key."""
    assert undocumented(tempo_config(settings, make_plan(settings)), 3) == set()


def test_what_2_has_would_be_noticed() -> None:
    """The check above can fail: parts of a 2.10 configuration are not documented for 3.0."""
    assert {"ingester.trace_idle_period", "compactor.compaction.block_retention"} <= undocumented(
        config_of("prod"), 3
    )


@given(settings=settings_of_major(3))
def test_limits_of_tenants_are_documented_for_the_version(settings: StackSettings) -> None:
    for block in tenant_overrides(settings, make_plan(settings))["overrides"].values():
        assert undocumented({"overrides": {"defaults": block}}, 3) == set()


@given(settings=settings_of_major(3))
def test_nothing_is_only_where_nobody_looks(settings: StackSettings) -> None:
    """Searches query live stores up to one age and the bucket beyond it; both must have that data."""
    config = tempo_config(settings, make_plan(settings))
    boundary = seconds(config["query_frontend"]["search"]["query_backend_after"])
    monolithic = settings.tempo.deployment_mode == "monolithic"
    flushed = (
        config["live_store"]["max_block_duration"]
        if monolithic
        else config["block_builder"]["consume_cycle_duration"]
    )
    assert boundary >= seconds(flushed) + 2 * settings.tempo.blocklist_poll_seconds
    assert seconds(config["live_store"]["complete_block_timeout"]) >= boundary
    assert seconds(config["query_frontend"]["metrics"]["query_backend_after"]) == boundary


@given(settings=settings_of_major(3))
def test_traces_end_before_they_may_and_work_is_remembered(settings: StackSettings) -> None:
    """Tempo 3 refuses longer idle times; its manual requires that jobs are remembered for over two polls."""
    config = tempo_config(settings, make_plan(settings))
    live = config["live_store"]
    assert seconds(live["max_trace_idle"]) <= seconds(live["max_trace_live"])
    remembered = seconds(config["backend_scheduler"]["work"]["prune_age"])
    assert remembered > 2 * settings.tempo.blocklist_poll_seconds


def test_retention_is_where_3_deletes_and_where_it_plans() -> None:
    config = config_of("prod", of_3())
    kept = {"block_retention": "8760h", "compacted_block_retention": "1h"}
    assert config["backend_worker"]["compaction"] == kept
    assert config["backend_scheduler"]["provider"]["compaction"]["compaction"] == kept


def test_microservices_meet_in_kafka() -> None:
    config = config_of("prod", of_3())
    assert config["ingest"]["kafka"] == {
        "address": "kafka.example:9092",
        "topic": "fawkes-tempo",
        "auto_create_topic_enabled": False,
    }
    assert config["block_builder"]["partitions_per_instance"] == 1
    assert config["backend_worker"]["backend_scheduler_addr"] == (
        "tempo-backend-scheduler.fawkes-observability.svc:9095"
    )
    live = config["live_store"]
    assert live["ring"]["kvstore"] == live["partition_ring"]["kvstore"] == {"store": "memberlist"}


def test_one_process_needs_neither_kafka_nor_gossip() -> None:
    config = config_of("dojo", of_3(kafka=False))
    assert config["target"] == "all"
    assert not {"ingest", "block_builder", "memberlist", "cache", "querier", "ingester", "compactor"} & set(config)
    live = config["live_store"]
    assert live["ring"]["kvstore"] == live["partition_ring"]["kvstore"] == {"store": "inmemory"}
    assert "ring" not in config["backend_worker"]


@pytest.mark.parametrize(("asked", "got"), [(60, "60s"), (1800, "300s")])
def test_a_3_flushes_at_the_latest_after_five_minutes(asked: int, got: str) -> None:
    changes: dict[str, Any] = {"tempo.max_block_duration_seconds": asked}
    assert config_of("dojo", of_3(changes, kafka=False))["live_store"]["max_block_duration"] == got
    assert config_of("prod", of_3(changes))["block_builder"]["consume_cycle_duration"] == got


def test_live_stores_answer_until_a_late_span_is_in_the_bucket() -> None:
    """Tempo's defaults of 900 s and 1200 s leave no time for spans that waited for a sampling decision."""
    config = config_of("prod", of_3())
    limits = {"max_duration": "730h", "query_backend_after": "1330s"}
    assert (config["query_frontend"]["search"], config["query_frontend"]["metrics"]) == (limits, limits)
    assert config["live_store"]["complete_block_timeout"] == "1630s"
    assert config["live_store"]["max_trace_live"] == "30s"
    assert config["backend_scheduler"]["work"] == {"prune_age": "3600s"}


def test_a_refused_sender_is_told_when_to_come_again() -> None:
    """Without it a collector drops refused batches; a tenant's own block without it would turn it off."""
    settings = settings_of("prod", of_3())
    plan = make_plan(settings)
    blocks = tenant_overrides(settings, plan)["overrides"].values()
    assert [block["ingestion"]["retry_info_enabled"] for block in blocks] == [True] * 9
