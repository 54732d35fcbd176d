from typing import Any

import pytest
from hypothesis import given

from plan.cost.requests import Blocks, StoreRequests, blocks, store_requests
from plan.plan import make_plan
from plan.storage import flushed_copies
from plan.tenants import tenant_count
from render.tempo.config import tempo_config
from render.tenants import tenant_folders
from settings.stack import StackSettings
from tests.support.stacks import settings_of
from tests.support.strategies import valid_settings

TEMPO_3 = {
    "tempo.version": "3.0.3",
    "images.tempo.tag": "3.0.3",
    "tempo.kafka": {"address": "kafka.example:9092"},
}


def requests_of(stack: str, changes: dict[str, Any] | None = None) -> StoreRequests:
    """Return a day's requests of a committed stack with settings changed."""
    settings = settings_of(stack, changes)
    return store_requests(settings, make_plan(settings))


def blocks_of(stack: str, changes: dict[str, Any] | None = None) -> Blocks:
    """Return the blocks of a committed stack with settings changed."""
    settings = settings_of(stack, changes)
    return blocks(settings, make_plan(settings))


def test_productions_blocks_computed_by_hand() -> None:
    # 3 ingesters × 8 tenants (3 namespaces and the rest, in two tiers) × 48 half hours.
    # 6 blocks of a tenant's hour become 1 in two merges of up to four: 24 h × 8 × 2.
    # One an hour is left: 4 tenants × (168 h + 720 h).
    assert blocks_of("prod", {"tempo.traceql_metrics": False}) == Blocks(flushed=1_152, merged=384, at_rest=3_552)


def test_productions_blocks_for_traceql_metrics_computed_by_hand() -> None:
    # 3 generators × 4 tenants × 288 times five minutes.
    # 36 blocks of a tenant's hour become 1 in twelve merges: 24 h × 4 × 12. One an hour is left: 4 × 168 h.
    assert blocks_of("prod") == Blocks(flushed=1_152 + 3_456, merged=384 + 1_152, at_rest=3_552 + 672)


def test_productions_requests_computed_by_hand() -> None:
    requests = requests_of("prod")
    # 6 144 blocks × (bloom, index, meta, meta's copy, beginning, end, last part) and
    # 58 381 344 000 B × (3 copies + 2 rewrites) and 49 956 480 000 B × (1 + 2), ÷ 16 MiB.
    written = 291_906_720_000 + 149_869_440_000
    assert requests.block_puts == pytest.approx(6_144 * 7 + written / 16_777_216)
    # 288 polls × 8 folders × 1 compactor × 2 forms.
    assert requests.index_puts == 4_608
    # 288 polls × (5 processes list the tenants, 1 lists 8 × 3 shares and 16.9 pages); each block once, deleted.
    assert requests.lists == pytest.approx(288 * (5 + 24 + 16.896) + 6_144)
    # 288 polls × 8 folders × 4 processes, and twice each block's meta.
    assert requests.poll_gets == 9_216 + 12_288
    # 58 381 344 000 B × (3 copies, and once more) and 49 956 480 000 B × (1, and once more), ÷ 2 MiB.
    assert requests.compaction_gets == pytest.approx((233_525_376_000 + 99_912_960_000) / 2_097_152)
    # A thousand searches of a tenth of 49 956 480 000 B ÷ 24 h, 1 MiB at a time; as many queries of metrics.
    assert requests.search_gets == pytest.approx(198_509.2, rel=1e-6)
    assert requests.metrics_gets == requests.search_gets


def test_only_metrics_queries_that_are_answered_are_billed() -> None:
    without = {"tempo.traceql_metrics": False}
    assert requests_of("prod", without).metrics_gets == 0
    assert requests_of("prod", TEMPO_3 | without).metrics_gets == requests_of("prod", TEMPO_3).search_gets


def test_the_dojos_blocks_computed_by_hand() -> None:
    # One a minute; 60 of an hour become 1 in twenty merges; one an hour is left of 24. All that a second time for
    # TraceQL metrics.
    assert blocks_of("dojo") == Blocks(flushed=2_880, merged=960, at_rest=48)


def test_a_block_that_is_alone_in_its_hour_is_never_merged() -> None:
    changes = {"tempo.max_block_duration_seconds": 3600, "tempo.traceql_metrics": False}
    assert blocks_of("dojo", changes).merged == 0


def test_a_block_is_cut_when_it_is_large() -> None:
    # 100 times 49.96 GB and 8.42 GB, three copies, 500 MiB each.
    load: dict[str, Any] = {"load.average_spans_per_second": 490_000, "load.peak_spans_per_second": 500_000}
    flushed = blocks_of("prod", load | {"tempo.traceql_metrics": False}).flushed
    assert flushed == pytest.approx(100 * 58_381_344_000 * 3 / 524_288_000)


def test_two_processes_write_each_tenants_index_however_many_could() -> None:
    loads = {"load.average_spans_per_second": 100_000, "load.peak_spans_per_second": 100_000}
    settings = settings_of("prod", loads)
    assert next(one.replicas for one in make_plan(settings).tempo if one.target == "compactor") > 2
    assert requests_of("prod", loads).index_puts == 2 * requests_of("prod").index_puts


def test_polling_half_as_often_halves_what_polling_costs() -> None:
    slower = {"tempo.blocklist_poll_seconds": 600}
    assert requests_of("prod", slower).index_puts * 2 == requests_of("prod").index_puts


def test_tempo_3_keeps_its_copies_in_kafka_and_flushes_every_five_minutes() -> None:
    three = settings_of("prod", TEMPO_3)
    assert flushed_copies(three.tempo) == 1
    assert make_plan(three).timing.flush_seconds == 300
    # 3 block builders × 8 tenants × 288.
    assert blocks_of("prod", TEMPO_3).flushed == 6_912


def test_ingesters_of_tempo_2_keep_their_copies_in_blocks() -> None:
    two = settings_of("prod")
    assert (flushed_copies(two.tempo), make_plan(two).timing.flush_seconds) == (3, 1_800)


@given(settings=valid_settings())
def test_the_folders_are_the_tenants_that_are_rendered(settings: StackSettings) -> None:
    assert tenant_count(settings) == len(tenant_folders(settings))


@given(settings=valid_settings())
def test_blocks_are_flushed_as_often_as_tempo_is_told(settings: StackSettings) -> None:
    plan = make_plan(settings)
    sections = tempo_config(settings, plan)
    told = {
        sections.get("ingester", {}).get("max_block_duration"),
        sections.get("block_builder", {}).get("consume_cycle_duration"),
        sections.get("live_store", {}).get("max_block_duration"),
    }
    assert told - {None} == {f"{plan.timing.flush_seconds}s"}


@given(settings=valid_settings())
def test_every_stack_writes_reads_and_lists(settings: StackSettings) -> None:
    requests = store_requests(settings, make_plan(settings))
    some = blocks(settings, make_plan(settings))
    assert requests.block_puts >= some.written * 7
    assert requests.lists >= some.written
    assert min(requests.index_puts, requests.poll_gets, requests.compaction_gets, requests.search_gets) >= 0
