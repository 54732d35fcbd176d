from typing import Any

import pytest
from hypothesis import given

from plan.plan import make_plan
from render.collectors.giving_up import ORDER_OF_SACRIFICE
from render.collectors.sampling import classes, policies, tail_sampling
from settings.stack import StackSettings
from tests.support.stacks import ABSENT, settings_of
from tests.support.strategies import valid_settings

_ONE_TIER: dict[str, Any] = {"retention.long_term_hours": ABSENT, "synthetic_check.enabled": False}


def _keeping(changes: dict[str, Any], stack: str = "prod") -> list[dict[str, Any]]:
    return policies(classes(settings_of(stack, _ONE_TIER | changes)))


def _names(found: list[dict[str, Any]]) -> list[str]:
    return [policy["name"] for policy in found]


def _sampler(settings: StackSettings) -> dict[str, Any]:
    return tail_sampling(settings, make_plan(settings))


def _dropping(changes: dict[str, Any], stack: str = "prod") -> dict[str, list[dict[str, Any]]]:
    """Return the parts of each policy that drops traces, by its name and in order."""
    found = _sampler(settings_of(stack, changes))["policies"]
    return {each["name"]: each["drop"]["drop_sub_policy"] for each in found if each["type"] == "drop"}


def _limit(part: dict[str, Any]) -> dict[str, int]:
    found: dict[str, int] = part["not"]["not_sub_policy"]["rate_limiting"]
    return found


def test_policies_stand_in_a_stable_order_with_names_that_dashboards_can_use() -> None:
    assert _names(_keeping({"sampling.named_paths": ["/checkout"]})) == [
        "errors",
        "failed-without-status",
        "slow",
        "named-user-user.id",
        "named-user-enduser.id",
        "named-path-http.route",
        "named-path-url.path",
        "named-path-http.target",
        "pipelines",
        "baseline",
    ]


def test_without_names_there_is_no_policy_for_them() -> None:
    assert _names(_keeping({"sampling.named_users": []})) == [
        "errors",
        "failed-without-status",
        "slow",
        "pipelines",
        "baseline",
    ]


def test_traces_of_named_services_and_of_pipelines_are_kept_by_setting() -> None:
    changed = {
        "sampling.keep_pipelines": False,
        "sampling.named_services": ["jenkins"],
        "sampling.named_users": [],
    }
    named = [policy for policy in _keeping(changed) if policy["name"].startswith(("named-", "pipelines"))]
    assert _names(named) == ["named-service-service.name"]
    assert named[0]["string_attribute"] == {"key": "service.name", "values": ["jenkins"]}


def test_the_policies_of_the_long_term_tier_come_first_and_hash_as_the_baseline_does() -> None:
    """Only the first policy that keeps a trace is recorded. A salt would keep a share of the baseline only."""
    found = policies(classes(settings_of("prod")))
    assert _names(found)[:4] == ["errors", "failed-without-status", "long-term", "synthetic-check"]
    assert found[2]["probabilistic"] == {"sampling_percentage": 1.0}
    assert found[-1]["probabilistic"] == {"sampling_percentage": 10.0}


def test_a_named_users_dollar_is_part_of_the_name() -> None:
    (user, _) = [each for each in _keeping({"sampling.named_users": ["${env:HOME}"]}) if "user" in each["name"]]
    assert user["string_attribute"]["values"] == ["$${env:HOME}"]


def test_a_trace_of_exactly_the_threshold_is_slow() -> None:
    """The collector's policy keeps what lasts longer than its threshold, in whole milliseconds."""
    (slow,) = [each for each in _keeping({"sampling.slow_threshold_ms": 1000}) if each["name"] == "slow"]
    assert slow["latency"] == {"threshold_ms": 999}


def test_failures_without_a_span_status_are_recognized_as_set() -> None:
    changed = {
        "sampling.failed.http_server_errors": False,
        "sampling.failed.grpc_codes": ["INTERNAL"],
        "sampling.failed.exception_events": True,
    }
    name = 'attributes["rpc.response.status_code"]'
    assert _keeping(changed)[1]["ottl_condition"] == {
        "error_mode": "ignore",
        "span": [
            'attributes["rpc.grpc.status_code"] != nil and (attributes["rpc.grpc.status_code"] == 13)',
            f'{name} != nil and ({name} == "INTERNAL")',
        ],
        "spanevent": ['name == "exception"'],
    }


def test_with_the_span_status_alone_no_other_policy_looks_for_failures() -> None:
    changed = {"sampling.failed.http_server_errors": False, "sampling.failed.grpc_codes": []}
    assert _names(_keeping(changed))[:2] == ["errors", "slow"]


def test_what_no_policy_keeps_is_dropped_before_any_limit_measures() -> None:
    found = _dropping({})
    assert list(found) == ["health-checks", "not-kept", *(f"ceiling-{each}" for each in ORDER_OF_SACRIFICE)]
    every = policies(classes(settings_of("prod")))
    assert {part["not"]["not_sub_policy"]["name"] for part in found["not-kept"]} == set(_names(every))


def test_each_level_spares_what_is_more_important() -> None:
    found = _dropping({})
    spared = {
        name: {part["name"].removeprefix("not-") for part in parts[1:]}
        for name, parts in found.items()
        if name.startswith("ceiling-")
    }
    failed = {"errors", "failed-without-status"}
    named = {"named-user-user.id", "named-user-enduser.id", "pipelines"}
    assert spared["ceiling-failed"] == set()
    assert spared["ceiling-named"] == failed | {"synthetic-check"}
    assert spared["ceiling-slow"] >= spared["ceiling-named"] | {"pipelines"}
    assert spared["ceiling-ordinary"] == spared["ceiling-slow"] | {"slow"}
    assert not named & spared["ceiling-named"]


def test_limits_are_those_of_one_shard_because_the_sampler_divides_none_within_not() -> None:
    # 50 000 spans/s a gateway with headroom, 19.9 % kept in an incident: 9 950, in two shards.
    found = _dropping({})
    limits = [_limit(found[f"ceiling-{each}"][0])["spans_per_second"] for each in ORDER_OF_SACRIFICE]
    assert limits == [3980, 4478, 4726, 4975]


def test_a_ceiling_of_ones_own_moves_every_level() -> None:
    found = _dropping({"sampling.ceiling_spans_per_second": 20_000})
    limits = [_limit(found[f"ceiling-{each}"][0])["spans_per_second"] for each in ORDER_OF_SACRIFICE]
    assert limits == [8_000, 9_000, 9_500, 10_000]


def test_a_noisy_service_has_a_limit_for_what_did_not_fail() -> None:
    limit = {"service": "chatty", "kept_spans_per_second": 600}
    parts = _dropping({"sampling.service_limits": [limit]})["noisy-chatty"]
    assert parts[0]["string_attribute"] == {"key": "service.name", "values": ["chatty"]}
    assert [part["name"] for part in parts[1:-1]] == ["not-errors", "not-failed-without-status"]
    # Three gateways of two shards.
    assert _limit(parts[-1])["spans_per_second"] == 100


def test_a_health_check_is_known_by_its_root_and_kept_when_it_failed() -> None:
    parts = _dropping({"sampling.health_check_paths": ["/health$z"]})["health-checks"]
    assert parts[0]["ottl_condition"]["span"][0] == 'IsRootSpan() and attributes["http.route"] == "/health$$z"'
    assert [part["name"] for part in parts[1:]] == ["not-errors", "not-failed-without-status"]


@given(settings=valid_settings())
def test_no_policy_drops_failed_traces_but_the_last_level_of_the_ceiling(settings: StackSettings) -> None:
    dropping = [each for each in _sampler(settings)["policies"] if each["type"] == "drop"]
    careless = [
        each["name"]
        for each in dropping
        if "not-errors" not in {part["name"] for part in each["drop"]["drop_sub_policy"]}
    ]
    assert careless == ["ceiling-failed"]


@given(settings=valid_settings())
def test_levels_rise_in_the_order_of_sacrifice(settings: StackSettings) -> None:
    ceiling = make_plan(settings).ceiling
    assert ceiling.ordinary <= ceiling.slow <= ceiling.named <= ceiling.failed


@given(settings=valid_settings())
def test_failed_traces_pass_still_when_a_burst_has_used_up_the_other_limits(settings: StackSettings) -> None:
    drop = {each["name"]: each["drop"] for each in _sampler(settings)["policies"] if each["type"] == "drop"}
    limits = [_limit(drop[f"ceiling-{each}"]["drop_sub_policy"][0]) for each in ORDER_OF_SACRIFICE]
    failed = limits.pop()
    assert all(
        failed["burst_capacity"] - other["burst_capacity"] >= 3 * failed["spans_per_second"] for other in limits
    )


@pytest.mark.parametrize("stack", ["dojo", "staging", "prod"])
def test_nothing_is_given_up_at_the_planned_peak_with_headroom(stack: str) -> None:
    settings = settings_of(stack)
    plan, load = make_plan(settings), settings.load
    each = load.peak_spans_per_second * load.headroom / settings.collectors.gateway.replicas
    # Levels are whole numbers.
    assert each * plan.traffic.kept_share <= plan.ceiling.ordinary + 1
    assert each * plan.traffic.kept_share_in_incident <= plan.ceiling.failed + 1
