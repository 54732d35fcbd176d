"""The last lines of a test run name the tiers that did not run."""

from typing import Literal

import pytest

from tests.support.tiers import tier_lines


def report(
    tier: str | None,
    outcome: Literal["passed", "failed", "skipped"],
    when: Literal["setup", "call", "teardown"] = "call",
    reason: str = "",
) -> pytest.TestReport:
    """Return a report like pytest's."""
    properties: list[tuple[str, object]] = [("tier", tier)] if tier else []
    place = ("test_x.py", 1, f"Skipped: {reason}") if outcome == "skipped" else None
    return pytest.TestReport(
        "test_x.py::test_x", ("test_x.py", 1, "test_x"), {}, outcome, place, when, user_properties=properties
    )


def test_tiers_that_were_not_selected_are_named() -> None:
    assert list(tier_lines({"passed": [report(None, "passed")]})) == [
        "TIERS NOT RUN: tools, engine, cluster, simulated: not selected; `make verify` runs them all"
    ]


def test_a_skipped_tier_is_told_with_its_reason_once() -> None:
    stats = {
        "skipped": [report("tools", "skipped", "setup", "tempo is not built")] * 2,
        # pytest also reports the tear-down of a skipped test.
        "": [report("tools", "passed", "teardown")] * 2,
        "passed": [report(tier, "passed") for tier in ("engine", "cluster", "simulated")],
    }
    assert list(tier_lines(stats)) == ["TIER NOT RUN: tools: 2 of 2 skipped: tempo is not built"]


def test_a_partly_skipped_tier_is_told_as_such() -> None:
    stats = {
        "skipped": [report("tools", "skipped", "call", "tempo is not built")],
        "passed": [report(tier, "passed") for tier in ("tools", "engine", "cluster", "simulated")],
    }
    assert list(tier_lines(stats)) == ["TIER PARTLY RUN: tools: 1 of 2 skipped: tempo is not built"]


def test_when_all_ran_nothing_is_said() -> None:
    stats = {
        "passed": [report(tier, "passed") for tier in ("tools", "engine", "simulated")],
        "failed": [report("cluster", "failed")],
    }
    assert list(tier_lines(stats)) == []
