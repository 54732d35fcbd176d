"""Report which tiers of tests did not run."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest

# Each needs more of the real system than the one before.
TIERS = ("tools", "engine", "cluster", "simulated")


def tiers_of(item: pytest.Item) -> list[tuple[str, object]]:
    """Return the tiers that a test is marked with, as user properties of its reports.

    Not read from the reports' keywords: those also hold the names of folders.
    """
    return [("tier", tier) for tier in TIERS if item.get_closest_marker(tier)]


def tier_lines(stats: Mapping[str, Sequence[Any]]) -> Iterator[str]:
    """Yield one line for each tier that was skipped in part or whole, and one for those not selected.

    `stats` is the terminal reporter's; with pytest-xdist its reports come from the workers.
    """
    reports = [report for found in stats.values() for report in found if isinstance(report, pytest.TestReport)]
    unselected = []
    for tier in TIERS:
        # Set-up and tear-down count only when they failed or were skipped.
        own = [
            report
            for report in reports
            if ("tier", tier) in report.user_properties and (report.when == "call" or not report.passed)
        ]
        skipped = [report for report in own if report.skipped]
        if not own:
            unselected.append(tier)
        elif skipped:
            amount = "NOT RUN" if len(skipped) == len(own) else "PARTLY RUN"
            reasons = "; ".join(sorted({_reason(report) for report in skipped}))
            yield f"TIER {amount}: {tier}: {len(skipped)} of {len(own)} skipped: {reasons}"
    if unselected:
        yield f"TIERS NOT RUN: {', '.join(unselected)}: not selected; `make verify` runs them all"


def _reason(report: pytest.TestReport) -> str:
    """Return why a test was skipped: pytest keeps (file, line, `Skipped: reason`)."""
    return (
        report.longrepr[2].removeprefix("Skipped: ") if isinstance(report.longrepr, tuple) else "no reason given"
    )
