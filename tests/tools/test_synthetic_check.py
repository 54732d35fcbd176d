"""The rendered check on real parts: every way and tenant, and exactly what fails when one of them is broken."""

from collections.abc import Iterator

import pytest

from render.names import GATEWAY, TEMPO
from tests.support.waiting import eventually
from tests.tools.checked_stack import TENANT, TIMES, CheckedStack, checked_stack

pytestmark = pytest.mark.tools

# An attempt that has begun and a whole one after it take half of this.
_SECONDS = 60.0


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CheckedStack]:
    with checked_stack(tmp_path_factory.mktemp("checked")) as found:
        eventually(found.series, "the check answers")
        yield found


def _successes(stack: CheckedStack) -> dict[tuple[str, str, str], float]:
    return {one: stack.attempts(*one)[0] for one in stack.checks()}


def _all_succeed(stack: CheckedStack) -> None:
    """Wait until every check has succeeded once more."""
    before = _successes(stack)
    eventually(
        lambda: all(count > before[one] for one, count in _successes(stack).items() if one[2] != "stored"),
        "every check succeeds again",
        _SECONDS,
    )


def _failed(stack: CheckedStack) -> dict[tuple[str, str, str], dict[str, float]]:
    return {one: failed for one in stack.checks() if (failed := stack.attempts(*one)[1])}


def test_every_trace_is_read_by_every_way_as_every_tenant_and_from_both_tiers(stack: CheckedStack) -> None:
    """One percent of other traces are kept here: the sampler knows the check's."""
    eventually(lambda: all(_successes(stack).values()), "every check succeeds", _SECONDS)
    assert _failed(stack) == {}
    assert {tenant for _, tenant, _ in stack.checks()} == {
        "shared",
        TENANT,
        "shared-long-term",
        f"{TENANT}-long-term",
    }
    taken = [value for (name, _), value in stack.series().items() if name == "tracing_check_seconds"]
    assert all(0 < value < TIMES["deadline_seconds"] for value in taken)
    skew = stack.series()["tracing_check_clock_skew_seconds", frozenset()]
    assert -2 < skew < 2


def test_without_the_gateway_its_ways_are_refused_and_what_agents_take_does_not_arrive(
    stack: CheckedStack,
) -> None:
    before = _failed(stack)
    stack.stop(GATEWAY)
    wanted = {
        ("gateway", "shared", "write"): {"refused"},
        ("gateway", TENANT, "write"): {"refused"},
        ("agent", "shared", "id"): {"not_found"},
        ("agent", "shared-long-term", "search"): {"not_found"},
    }
    try:
        eventually(lambda: _reasons(stack, before, set(wanted)) == wanted, "the hop is seen", _SECONDS)
        assert ("agent", "shared", "write") not in _failed(stack)
    finally:
        stack.start(GATEWAY)
    _all_succeed(stack)


def test_one_tenant_that_tempo_refuses_fails_alone(stack: CheckedStack) -> None:
    """Each tenant has an exporter, a queue and limits of its own."""
    before = _failed(stack)
    stack.limit(TENANT, 1)
    try:
        # An attempt that began before is over.
        eventually(
            lambda: (
                _reasons(stack, before, {("gateway", TENANT, "id"), ("gateway", TENANT, "search")})
                == {("gateway", TENANT, "id"): {"not_found"}, ("gateway", TENANT, "search"): {"not_found"}}
            ),
            "the tenant's traces are missed",
            _SECONDS,
        )
        new = {one for one, failed in _failed(stack).items() if failed != before.get(one)}
        assert new == {("gateway", TENANT, "id"), ("gateway", TENANT, "search")}
    finally:
        stack.limit(TENANT, 10_000_000)
    _all_succeed(stack)


def test_without_tempo_every_read_fails_and_no_write(stack: CheckedStack) -> None:
    before = _failed(stack)
    reads = {one for one in stack.checks() if one[2] in {"id", "search"}}
    stack.stop(TEMPO)
    try:
        eventually(
            lambda: _reasons(stack, before, reads) == {one: {"refused"} for one in reads},
            "Tempo is missed",
            _SECONDS,
        )
        writes = {one for one, failed in _failed(stack).items() if one[2] == "write" and failed != before.get(one)}
        assert writes == set()
    finally:
        stack.start(TEMPO)
    _all_succeed(stack)


def _reasons(
    stack: CheckedStack,
    before: dict[tuple[str, str, str], dict[str, float]],
    wanted: set[tuple[str, str, str]],
) -> dict[tuple[str, str, str], set[str]]:
    """Return the reasons of new failures of some checks."""
    return {
        one: new
        for one, failed in _failed(stack).items()
        if one in wanted
        and (new := {reason for reason, count in failed.items() if count > before.get(one, {}).get(reason, 0)})
    }
