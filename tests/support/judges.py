"""Which programs judged the rendered texts, told from the reports of a test run."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

# The user property of a test that says what it had judged, and by which program of which version.
JUDGED = "judged"


def judged_line(stats: Mapping[str, Sequence[Any]]) -> str:
    """Return one line that says who judged what; "" when nothing was judged.

    `stats` is the terminal reporter's; with pytest-xdist its reports come from the workers.
    """
    reports = (report for found in stats.values() for report in found if isinstance(report, pytest.TestReport))
    said = {str(value) for report in reports for name, value in report.user_properties if name == JUDGED}
    return f"JUDGED: {'; '.join(sorted(said))}" if said else ""
