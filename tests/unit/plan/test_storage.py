from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plan.plan import make_plan
from plan.storage import StoragePlan, backstop_expiry_days
from settings.stack import StackSettings
from tests.support.stacks import settings_of
from tests.support.strategies import valid_settings
from tests.support.tempo_configs import of_3


def test_productions_storage_computed_by_hand() -> None:
    # A day: 4 900 spans/s × 86 400 s × 1 kB = 423.36 GB, of which 11.8 % and 1.99 % are kept.
    # In the bucket: detailed × 169 h, twice because of TraceQL metrics, + long-term × 721 h, and three days of
    # five versions of both tiers: three copies that ingesters flush, two rewrites; of three for TraceQL metrics.
    # On an ingester: 100 000 × (11.8 % + 1.99 %) × 1 kB × (1 800 + 900) s × 3 copies ÷ 3 ingesters.
    # (one byte more: floating point, rounded up).
    # On a generator: 100 000 × 11.8 % × 1 kB × (300 + 1 330 + 300) s ÷ 3 generators, and a log of 400 000 series ×
    # 3 h × 240 × 11 bytes.
    # Backstop: 721 h are 31 days, and 7 more.
    assert make_plan(settings_of("prod")).storage == StoragePlan(
        detailed_bytes_per_day=49_956_480_000,
        long_term_bytes_per_day=8_424_864_000,
        metrics_bytes_per_day=49_956_480_000,
        detailed_bytes=351_776_880_000,
        long_term_bytes=253_096_956_000,
        metrics_bytes=351_776_880_000,
        noncurrent_bytes=875_720_160_000 + 449_608_320_000,
        ingester_volume_bytes=37_233_000_001,
        generator_volume_bytes=7_591_333_334 + 3_168_000_000,
        backstop_expiry_days=38,
    )


def test_the_dojos_storage_computed_by_hand() -> None:
    # 58 × 86 400 × 1 kB a day, kept for 25 h, and one day of three versions, all of it twice;
    # 2 000 × 1 kB × (60 + 900) s, and × (60 + 900 + 60) s for TraceQL metrics.
    assert make_plan(settings_of("dojo")).storage == StoragePlan(
        detailed_bytes_per_day=5_011_200_000,
        long_term_bytes_per_day=0,
        metrics_bytes_per_day=5_011_200_000,
        detailed_bytes=5_220_000_000,
        long_term_bytes=0,
        metrics_bytes=5_220_000_000,
        noncurrent_bytes=30_067_200_000,
        ingester_volume_bytes=1_920_000_000 + 2_040_000_000 + 158_400_000,
        generator_volume_bytes=0,
        backstop_expiry_days=9,
    )


def test_without_versioning_nothing_deleted_is_held_back() -> None:
    storage = make_plan(settings_of("dojo", {"object_store.versioning": False})).storage
    assert (storage.noncurrent_bytes, storage.stored_bytes) == (0, 10_440_000_000)


@pytest.mark.parametrize("changes", [{"tempo.traceql_metrics": False}, of_3()])
def test_only_metrics_generators_of_2_keep_a_second_copy(changes: dict[str, Any]) -> None:
    storage = make_plan(settings_of("prod", changes)).storage
    assert (storage.metrics_bytes, storage.generator_volume_bytes) == (0, 0)


def test_the_live_stores_of_a_zone_share_one_copy() -> None:
    """100 000 × 13.79 % × 1 kB × (300 s of a block + 1 630 s that it stays) ÷ 3, whatever 2.x would flush."""
    changes = of_3({"tempo.max_block_duration_seconds": 1800})
    assert make_plan(settings_of("prod", changes)).storage.ingester_volume_bytes == pytest.approx(8_871_566_667)


@given(settings=valid_settings())
def test_the_bucket_deletes_long_after_tempo(settings: StackSettings) -> None:
    retention = settings.retention
    longest = max(retention.detailed_hours, retention.long_term_hours or 0) + retention.compacted_block_hours
    assert backstop_expiry_days(retention) * 24 >= longest + 48


@given(settings=valid_settings(), hours=st.integers(1, 8760))
def test_keeping_longer_never_stores_less(settings: StackSettings, hours: int) -> None:
    retention = settings.retention
    longer = retention.model_copy(update={"detailed_hours": retention.detailed_hours + hours})
    before = make_plan(settings).storage
    after = make_plan(settings.model_copy(update={"retention": longer})).storage
    assert after.stored_bytes >= before.stored_bytes
    assert after.backstop_expiry_days >= before.backstop_expiry_days


@given(settings=valid_settings())
def test_a_tier_that_is_not_asked_for_stores_nothing(settings: StackSettings) -> None:
    storage = make_plan(settings).storage
    assert storage.long_term_bytes_per_day == 0 or settings.retention.long_term_hours
    assert storage.stored_bytes >= storage.detailed_bytes_per_day * settings.retention.detailed_hours / 24


@pytest.mark.parametrize(("stack", "gigabytes"), [("dojo", 5), ("staging", 20), ("prod", 50)])
def test_an_environment_stores_a_day_what_the_decision_record_expects(stack: str, gigabytes: int) -> None:
    stored = make_plan(settings_of(stack)).storage.detailed_bytes_per_day
    assert stored == pytest.approx(gigabytes * 1e9, rel=0.01)
