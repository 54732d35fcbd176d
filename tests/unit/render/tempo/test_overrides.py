"""Tenants of the long-term tier: their limits replace the defaults."""

from typing import Any

from hypothesis import given

from plan.plan import make_plan
from render.files import render
from render.tempo.config import tempo_config
from render.tempo.overrides import tenant_overrides
from settings.stack import StackSettings
from tests.support.stacks import settings_of
from tests.support.strategies import valid_settings
from tests.support.tempo_configs import config_of, settings_of_major, undocumented

TENANTS = ["argocd-long-term", "backstage-long-term", "jenkins-long-term", "shared-long-term"]


def overrides_of(stack: str, changes: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return the tenants with limits of their own of a changed stack."""
    settings = settings_of(stack, changes)
    return tenant_overrides(settings, make_plan(settings))


def test_each_tenant_of_the_tier_is_kept_for_as_long_as_the_tier() -> None:
    blocks = overrides_of("prod")["overrides"]
    assert list(blocks) == TENANTS
    assert {block["compaction"]["block_retention"] for block in blocks.values()} == {"720h"}


@given(settings=valid_settings())
def test_a_tenants_block_repeats_every_limit(settings: StackSettings) -> None:
    """The block replaces the defaults: a limit that it omits does not exist."""
    plan = make_plan(settings)
    defaults = tempo_config(settings, plan)["overrides"]["defaults"]
    for block in tenant_overrides(settings, plan).get("overrides", {}).values():
        assert {name: block[name] for name in defaults if name != "metrics_generator"} == {
            name: limits for name, limits in defaults.items() if name != "metrics_generator"
        }


@given(settings=valid_settings())
def test_the_tiers_copies_are_not_counted_again(settings: StackSettings) -> None:
    for block in tenant_overrides(settings, make_plan(settings)).get("overrides", {}).values():
        assert "metrics_generator" not in block


@given(settings=settings_of_major(2))
def test_limits_of_tenants_are_documented_for_2(settings: StackSettings) -> None:
    for block in tenant_overrides(settings, make_plan(settings)).get("overrides", {}).values():
        assert undocumented({"overrides": {"defaults": block}}, 2) == set()


def test_answers_about_a_tag_stay_limited_for_the_tiers_tenants() -> None:
    """Tempo's default of 1 MB applies to the defaults only; a tenant's own block starts without limits."""
    blocks = overrides_of("prod")["overrides"].values()
    assert [block["read"] for block in blocks] == [{"max_bytes_per_tag_values_query": 1_000_000}] * 4


def test_tempo_is_told_where_the_file_is_only_when_there_is_one() -> None:
    assert config_of("prod")["overrides"]["per_tenant_override_config"] == "/etc/tempo/overrides.yaml"
    assert config_of("prod")["overrides"]["per_tenant_override_period"] == "1m"
    without = config_of("prod", {"retention.long_term_hours": None})
    assert set(without["overrides"]) == {"defaults"}


@given(settings=valid_settings())
def test_the_file_is_there_when_tempo_looks_for_it(settings: StackSettings) -> None:
    plan = make_plan(settings)
    looked_for = "per_tenant_override_config" in tempo_config(settings, plan)["overrides"]
    assert looked_for == (render(settings, plan).tempo_overrides != "")


def test_a_tier_without_tenants_by_namespace_is_one_tenant() -> None:
    changes: dict[str, Any] = {"tenants.mode": "single", "tenants.namespaces": []}
    assert list(overrides_of("prod", changes)["overrides"]) == ["shared-long-term"]
