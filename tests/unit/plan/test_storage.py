import pytest
from hypothesis import given
from hypothesis import strategies as st

from plan.plan import make_plan
from plan.storage import StoragePlan, backstop_expiry_days
from settings.stack import StackSettings
from tests.support.stacks import settings_of
from tests.support.strategies import valid_settings


def test_productions_storage_computed_by_hand() -> None:
    # A day: 4 900 spans/s × 86 400 s × 1 kB = 423.36 GB, of which 11.8 % and 1.99 % are kept.
    # In the bucket: detailed × 169 h + long-term × 721 h, and three days of five versions of both: three
    # copies that ingesters flush, two rewrites.
    # On an ingester: 100 000 × (11.8 % + 1.99 %) × 1 kB × (1 800 + 900) s × 3 copies ÷ 3 ingesters.
    # (one byte more: floating point, rounded up).
    # Backstop: 721 h are 31 days, and 7 more.
    assert make_plan(settings_of("prod")).storage == StoragePlan(
        detailed_bytes_per_day=49_956_480_000,
        long_term_bytes_per_day=8_424_864_000,
        detailed_bytes=351_776_880_000,
        long_term_bytes=253_096_956_000,
        noncurrent_bytes=875_720_160_000,
        ingester_volume_bytes=37_233_000_001,
        backstop_expiry_days=38,
    )


def test_the_dojos_storage_computed_by_hand() -> None:
    # 58 × 86 400 × 1 kB a day, kept for 25 h, and one day of three versions; 2 000 × 1 kB × (60 + 900) s.
    assert make_plan(settings_of("dojo")).storage == StoragePlan(
        detailed_bytes_per_day=5_011_200_000,
        long_term_bytes_per_day=0,
        detailed_bytes=5_220_000_000,
        long_term_bytes=0,
        noncurrent_bytes=15_033_600_000,
        ingester_volume_bytes=1_920_000_000,
        backstop_expiry_days=9,
    )


def test_without_versioning_nothing_deleted_is_held_back() -> None:
    storage = make_plan(settings_of("dojo", {"object_store.versioning": False})).storage
    assert (storage.noncurrent_bytes, storage.stored_bytes) == (0, 5_220_000_000)


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
