"""The limits of all tenants, and with two tiers those of each tenant, which replace them."""

from typing import Any

import pytest
from hypothesis import given

from plan.plan import make_plan
from plan.tempo.generators import generators_run
from render.tempo.overrides import tenant_overrides
from render.tenants import tenants
from settings.stack import StackSettings
from tests.support.stacks import settings_of
from tests.support.strategies import valid_settings
from tests.support.tempo_configs import config_of, leaves, settings_of_major, undocumented

TENANTS = ["argocd", "backstage", "jenkins", "shared"]
LONG_TERM_TENANTS = [f"{tenant}-long-term" for tenant in TENANTS]


def overrides_of(stack: str, changes: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return the block of each tenant of a changed stack."""
    settings = settings_of(stack, changes)
    blocks: dict[str, Any] = tenant_overrides(settings, make_plan(settings))["overrides"]
    return blocks


def kept_hours(block: dict[str, Any]) -> int:
    """Return the retention of a block in hours."""
    return int(block["compaction"]["block_retention"].removesuffix("h"))


def test_each_tenant_is_kept_for_as_long_as_its_tier() -> None:
    blocks = overrides_of("prod")
    assert {tenant: block["compaction"]["block_retention"] for tenant, block in blocks.items()} == {
        "*": "720h",
        **dict.fromkeys(TENANTS, "168h"),
        **dict.fromkeys(LONG_TERM_TENANTS, "720h"),
    }


def test_a_tenant_that_is_removed_loses_nothing_early() -> None:
    """Neither of its tiers has a block of its own any more."""
    before, after = overrides_of("prod"), overrides_of("prod", {"tenants.namespaces": ["argocd", "backstage"]})
    removed = before.keys() - after.keys()
    assert removed == {"jenkins", "jenkins-long-term"}
    assert kept_hours(after["*"]) >= max(kept_hours(before[tenant]) for tenant in removed)


def test_a_stack_without_tenants_has_the_block_of_all() -> None:
    blocks = overrides_of("dojo", {"retention.long_term_hours": None, "tenants.mode": "single"})
    assert list(blocks) == ["*"]


@given(settings=valid_settings())
def test_a_tenants_block_repeats_every_limit(settings: StackSettings) -> None:
    """The block replaces that of all tenants: a limit that it omits does not exist."""
    blocks = tenant_overrides(settings, make_plan(settings))["overrides"]
    limits = [
        frozenset(key for key in leaves(block) if not key.startswith("metrics_generator."))
        for block in blocks.values()
    ]
    assert set(limits) == {limits[0]}


@given(settings=valid_settings())
def test_only_the_detailed_tier_is_counted(settings: StackSettings) -> None:
    """The long-term tier's spans are copies."""
    blocks = tenant_overrides(settings, make_plan(settings))["overrides"]
    counted = [name for name, block in blocks.items() if "metrics_generator" in block]
    detailed = ["*"] if settings.retention.long_term_hours is None else tenants(settings)
    assert counted == (detailed if generators_run(settings.tempo, settings.grafana) else [])


@given(settings=settings_of_major(2))
def test_limits_of_tenants_are_documented_for_2(settings: StackSettings) -> None:
    for block in tenant_overrides(settings, make_plan(settings))["overrides"].values():
        assert undocumented({"overrides": {"defaults": block}}, 2) == set()


def test_answers_about_a_tag_stay_limited() -> None:
    """Tempo's default of 1 MB applies to the defaults only; a block starts without limits."""
    blocks = overrides_of("prod").values()
    assert [block["read"] for block in blocks] == [{"max_bytes_per_tag_values_query": 1_000_000}] * 9


def test_a_sender_over_its_rate_is_told_when_to_retry() -> None:
    """From 2.10 on a block without the key withholds the delay, and the gateway then drops the spans."""
    blocks = overrides_of("prod").values()
    assert [block["ingestion"]["retry_info_enabled"] for block in blocks] == [True] * 9


def test_a_2_x_without_that_key_is_not_given_it() -> None:
    """It would refuse the whole file."""
    blocks = overrides_of("dojo", {"tempo.version": "2.8.0", "images.tempo.tag": "2.8.0"}).values()
    assert ["retry_info_enabled" in block["ingestion"] for block in blocks] == [False]


@pytest.mark.parametrize("stack", ["dojo", "staging", "prod"])
def test_tempo_is_told_where_the_file_is_and_reloads_it(stack: str) -> None:
    section = config_of(stack)["overrides"]
    assert section["per_tenant_override_config"] == "/etc/tempo-overrides/overrides.yaml"
    assert section["per_tenant_override_period"] == "10s"


def test_a_tier_without_tenants_by_namespace_is_one_tenant() -> None:
    changes: dict[str, Any] = {"tenants.mode": "single", "tenants.namespaces": []}
    assert list(overrides_of("prod", changes)) == ["*", "shared", "shared-long-term"]
