"""The plan's formulas, by examples computed by hand."""

import pytest

from plan.gateway import go_memory_limit_mib, traces_in_flight
from plan.limits import checked_plan
from plan.plan import make_plan
from plan.traffic import traffic
from settings.problems import SettingsError
from tests.support.stacks import settings_of


def test_prod_has_ten_thousand_new_traces_a_second_at_its_peak() -> None:
    """100 000 spans/s at 10 spans a trace."""
    settings = settings_of("prod")
    assert traffic(settings.load, settings.sampling).peak_new_traces_per_second == 10_000


def test_the_kept_share_is_the_always_kept_and_a_share_of_the_rest() -> None:
    """1 % failed and 1 % slow or named, then 10 % of the other 98 %."""
    settings = settings_of("prod")
    flow = traffic(settings.load, settings.sampling)
    assert flow.kept_share == pytest.approx(0.02 + 0.98 * 0.10)
    assert flow.kept_share_in_incident == pytest.approx(0.11 + 0.89 * 0.10)


def test_the_kept_share_never_passes_everything() -> None:
    settings = settings_of("dojo", {"load.failed_percentage": 99, "load.slow_or_named_percentage": 1})
    assert traffic(settings.load, settings.sampling).kept_share_in_incident == 1.0


def test_traces_in_flight_are_one_wait_of_the_headroom_rate() -> None:
    """Prod: 10 000/s × 1.5 / 3 gateways × 15 s."""
    assert make_plan(settings_of("prod")).gateway.traces_in_flight == 75_000


def test_a_small_environment_still_has_room_for_a_burst() -> None:
    assert traces_in_flight(0.1, 5) == 1_000


def test_gateway_memory_holds_what_is_in_flight_below_the_limiter() -> None:
    """Prod: 75 000 × 10 × 1 400 B + 160 MiB + 1 500 000 × 120 B, in 60 % of the limit, in steps of 64 MiB."""
    plan = make_plan(settings_of("prod")).gateway
    needed_mib = (75_000 * 10 * 1_400 + 160 * 2**20 + 2 * 750_000 * 120) / 2**20
    assert (plan.memory_limit_mib - 64) * 0.6 < needed_mib <= plan.memory_limit_mib * 0.6
    assert plan.memory_limit_mib % 64 == 0


def test_go_is_told_four_fifths_of_the_limit() -> None:
    assert go_memory_limit_mib(1000) == 800


def test_more_gateways_hold_less_each() -> None:
    three = make_plan(settings_of("prod")).gateway
    six = make_plan(settings_of("prod", {"collectors.gateway.replicas": 6})).gateway
    assert six.traces_in_flight * 2 == three.traces_in_flight
    assert six.memory_limit_mib < three.memory_limit_mib


def test_ingestion_lets_an_incident_through() -> None:
    """Prod: 100 000 spans/s × 19.9 % × 1 400 B × 1.5."""
    assert make_plan(settings_of("prod")).ingestion.rate_limit_bytes == 41_790_000


def test_ingestion_is_never_stricter_than_tempos_own_default() -> None:
    assert make_plan(settings_of("dojo")).ingestion.rate_limit_bytes == 15_000_000


@pytest.mark.parametrize(("stack", "gb"), [("dojo", 5), ("staging", 20), ("prod", 50)])
def test_the_environments_store_what_the_record_expects(stack: str, gb: int) -> None:
    """The decision record: about 5, 20 and 50 GB a day."""
    assert make_plan(settings_of(stack)).storage.detailed_bytes_per_day == pytest.approx(gb * 1e9, rel=0.01)


def test_stored_bytes_count_both_tiers_and_what_versioning_holds_back() -> None:
    settings = settings_of("prod")
    storage = make_plan(settings).storage
    detailed, long_term = storage.detailed_bytes_per_day, storage.long_term_bytes_per_day
    assert storage.stored_bytes == pytest.approx(
        detailed * 169 / 24 + long_term * 721 / 24 + (detailed + long_term) * 3
    )


def test_the_bucket_expires_after_the_longest_tier_and_a_margin() -> None:
    """Prod: 720 h and 1 h are 31 days begun, and 7 more."""
    assert make_plan(settings_of("prod")).storage.backstop_expiry_days == 38
    assert make_plan(settings_of("dojo")).storage.backstop_expiry_days == 9


def test_ingesters_answer_until_two_polls_have_passed() -> None:
    assert make_plan(settings_of("dojo")).storage.recent_seconds == 900
    assert make_plan(settings_of("dojo", {"tempo.blocklist_poll_seconds": 600})).storage.recent_seconds == 1200


@pytest.mark.parametrize(
    ("changes", "path", "wanted"),
    [
        ({"collectors.gateway.memory_ceiling_mib": 128}, "collectors.gateway.memory_ceiling_mib", "at least 384"),
        ({"object_store.minio.volume_size_gib": 20}, "object_store.minio.volume_size_gib", "at least 24"),
        ({"tempo.volume_size_gib": 1}, "tempo.volume_size_gib", "at least 2"),
    ],
)
def test_what_does_not_fit_is_refused_with_what_would(changes: dict[str, object], path: str, wanted: str) -> None:
    with pytest.raises(SettingsError) as refused:
        checked_plan(settings_of("dojo", changes))

    (problem,) = refused.value.problems
    assert problem.path == path
    assert problem.allowed == wanted
