"""The bill against sums computed by hand, and the sums of the decision record."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.record import Sum, corrections, sums
from plan.cost.bill import MonthlyCost, monthly_cost, shown
from plan.plan import make_plan
from settings.stack import StackSettings
from tests.support.stacks import settings_of
from tests.support.strategies import valid_settings

KEPT = "deleted and overwritten versions"
PRICES: dict[str, Any] = {
    "cost.storage_gb_month_usd": 0.02,
    "cost.put_per_1000_usd": 0.005,
    "cost.get_per_1000_usd": 0.0004,
    "cost.cpu_core_hour_usd": 0.04,
    "cost.memory_gib_hour_usd": 0.005,
    "cost.volume_gb_month_usd": 0.1,
}


def cost_of(stack: str, changes: dict[str, Any] | None = None) -> MonthlyCost:
    """Return the bill of a committed stack with settings changed."""
    settings = settings_of(stack, changes)
    return monthly_cost(settings, make_plan(settings))


def usd(cost: MonthlyCost) -> dict[str, float]:
    """Return a bill's amounts by their names."""
    return {item.name: item.usd for item in cost.items}


def part(cost: MonthlyCost, prefix: str) -> float:
    """Return the sum of the items with a prefix."""
    return sum(item.usd for item in cost.items if item.name.startswith(prefix))


def test_productions_storage_computed_by_hand() -> None:
    # 49 956 480 000 B × 169 h ÷ 24 and 8 424 864 000 B × 721 h ÷ 24, in GB of 2^30 bytes.
    bill = usd(cost_of("prod"))
    assert bill["S3, blocks of the detailed tier"] == pytest.approx(327.617 * 0.023, rel=1e-5)
    assert bill["S3, blocks of the long-term tier"] == pytest.approx(235.716 * 0.023, rel=1e-5)


def test_versions_are_billed_like_live_blocks_and_only_where_they_are_kept() -> None:
    settings = settings_of("prod")
    plan = make_plan(settings)
    bill = usd(monthly_cost(settings, plan))
    blocks = ("blocks of the detailed tier", "blocks of the long-term tier", "blocks for TraceQL metrics")
    stored = [bill[f"S3, {what}"] for what in (*blocks, KEPT)]
    assert sum(stored) == pytest.approx(plan.storage.stored_bytes / 1_073_741_824 * 0.023)
    assert f"S3, {KEPT}" not in usd(cost_of("prod", {"object_store.versioning": False}))


def test_without_a_long_term_tier_there_is_no_line_for_it() -> None:
    bill = usd(cost_of("prod", {"retention.long_term_hours": None}))
    assert bill["S3, blocks of the detailed tier"] == pytest.approx(327.617 * 0.023, rel=1e-5)
    assert "S3, blocks of the long-term tier" not in bill


def test_productions_requests_computed_by_hand() -> None:
    bill = usd(cost_of("prod"))
    # A month has 730 h. Indexes: 4 608 a day; polling reads 21 504; listing 19 362.1.
    assert bill["S3, writing indexes"] == pytest.approx(4_608 * 730 / 24 / 1000 * 0.005)
    assert bill["S3, polling"] == pytest.approx(21_504 * 730 / 24 / 1000 * 0.0004)
    assert bill["S3, listing"] == pytest.approx(19_362.048 * 730 / 24 / 1000 * 0.005)


def test_intelligent_tiering_watches_what_is_older_than_a_day_and_saves_nothing() -> None:
    """Blocks of 7 and 30 days are gone before 30 days without a read have passed."""
    watched = usd(cost_of("prod", {"object_store.aws.intelligent_tiering_after_days": 1}))
    # 4 tenants × (144 h + 696 h) hourly blocks, and the same share (840 of 888 h) of 4 × 168 for TraceQL metrics.
    assert watched["S3, Intelligent-Tiering's watch"] == pytest.approx((3_360 + 672 * 840 / 888) / 1000 * 0.0025)
    without = usd(cost_of("prod"))
    assert watched.pop("S3, Intelligent-Tiering's watch") > 0
    assert without == watched


def test_the_key_is_billed_with_one_request_in_a_hundred() -> None:
    bill = usd(cost_of("prod"))
    assert bill["KMS, key"] == 1
    # Objects written and read a day: 69 340.0 + 4 608 + 21 504 + 158 995.8 + twice 198 509.2; and what the check
    # reads, 2 × 2 tiers × 5 ways × 1 440 in a block of each of 3 ingesters.
    assert bill["KMS, requests past the bucket key"] == pytest.approx(
        (651_466.2 + 86_400) * 0.01 * 730 / 24 / 10_000 * 0.03, rel=1e-5
    )
    assert part(cost_of("prod", {"object_store.encryption": "sse_s3"}), "KMS") == 0


def test_pods_are_billed_by_what_they_request() -> None:
    bill = usd(cost_of("prod"))
    # 3 × (half a core at $0.04, 1 GiB at $0.005) and 10 agents × (0.2 cores, 128 MiB), 730 h.
    assert bill["Pods, Tempo ingester"] == pytest.approx(3 * (0.02 + 0.005) * 730)
    assert bill["Pods, agents"] == pytest.approx(10 * (0.008 + 0.000625) * 730)
    more = usd(cost_of("prod", {"load.nodes": 30}))
    assert more["Pods, agents"] == pytest.approx(3 * bill["Pods, agents"])


def test_the_dojo_has_no_bill_of_amazon_but_a_volume_of_minio() -> None:
    cost = cost_of("dojo", PRICES)
    assert part(cost, "S3") == part(cost, "KMS") == 0
    assert part(cost, "volumes") == pytest.approx((10 + 2 + 50) * 0.1)
    assert usd(cost)["Pods, MinIO"] == pytest.approx((0.1 * 0.04 + 0.25 * 0.005) * 730)


def test_the_dojo_as_committed_costs_nothing() -> None:
    assert cost_of("dojo").total_usd == 0


def test_a_stack_costs_what_its_items_add_up_to_and_services_share_it() -> None:
    cost = cost_of("prod", {"load.services": 50})
    assert cost.total_usd == pytest.approx(sum(usd(cost).values()))
    assert cost.usd_per_service == pytest.approx(cost.total_usd / 50)


def test_no_two_items_have_the_same_name() -> None:
    cost = cost_of("prod")
    assert len(usd(cost)) == len(cost.items)


@given(settings=valid_settings())
def test_every_stack_has_a_bill_without_credits(settings: StackSettings) -> None:
    cost = monthly_cost(settings, make_plan(settings))
    assert all(item.usd >= 0 for item in cost.items)
    assert (part(cost, "S3") > 0) <= (settings.object_store.kind == "aws_s3")


@given(settings=valid_settings(), days=st.integers(1, 30))
def test_keeping_longer_never_costs_less(settings: StackSettings, days: int) -> None:
    retention = settings.retention
    hours = retention.detailed_hours + 24 * days
    longer = settings.model_copy(update={"retention": retention.model_copy(update={"detailed_hours": hours})})
    before = monthly_cost(settings, make_plan(settings)).total_usd
    assert monthly_cost(longer, make_plan(longer)).total_usd >= before * (1 - 1e-9)


def test_numbers_are_shown_with_their_thousands_apart() -> None:
    assert (shown(1234567), shown(1234.5, 2), shown(0.005, 2)) == ("1 234 567", "1 234.50", "0.01")


@pytest.mark.parametrize("row", sums(), ids=[row.what for row in sums()])
def test_the_records_results_follow_from_its_own_figures(row: Sum) -> None:
    """To the digits of the record; it rounds 6 048 GB to 6 TB, which is 0.8 %."""
    assert row.comes_to == pytest.approx(row.recorded, rel=0.01)


def test_the_records_dollars_are_reproduced_to_the_dollar() -> None:
    dollars = {row.what: round(row.comes_to) for row in sums() if row.what.startswith("$")}
    assert dollars == {
        "$ S3 Standard": 138,
        "$ Intelligent-Tiering": 75,
        "$ storage": 213,
        "$ Tempo, CPU": 173,
        "$ Tempo, memory": 43,
        "$ agents, CPU": 29,
        "$ infrastructure": 245,
        "$ in all": 458,
    }


def test_each_mistake_is_mended_on_its_own() -> None:
    # Storage after each: 138 + 75; 138; 6 048 GB ÷ 1.0737 × $0.023; ten times it; a tenth of that; 350 GB.
    assert [(round(c.storage_usd, 2), round(c.total_usd, 2)) for c in corrections()] == [
        (213.0, 457.8),
        (138.0, 382.8),
        (129.55, 374.35),
        (1295.51, 1540.31),
        (129.55, 374.35),
        (129.55, 378.96),
        (7.5, 256.91),
    ]
