"""Report which programs validated the rendered config in a test run."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

# The user property of a test that names a rendered config and the program, with its version, that validated it.
VALIDATED = "validated"
PREFIX = "VALIDATED: "


def validated_line(stats: Mapping[str, Sequence[Any]]) -> str:
    """Return one line that names what was validated by which program; "" when nothing was.

    `stats` is the terminal reporter's; with pytest-xdist its reports come from the workers.
    """
    reports = (report for found in stats.values() for report in found if isinstance(report, pytest.TestReport))
    named = {str(value) for report in reports for name, value in report.user_properties if name == VALIDATED}
    return f"{PREFIX}{'; '.join(sorted(named))}" if named else ""
