"""Each alert fires on its fault, is quiet in a healthy hour and resolves, by Prometheus' own evaluation."""

import subprocess
from pathlib import Path

import pytest

from tests.support.alert_cases import CASES
from tests.support.alert_cases.promtool import write_tests
from tests.support.alert_cases.variants import every_alert, variants
from tests.support.tools import system_program

pytestmark = pytest.mark.tools

# What promtool says of a test file without objections, in two lines.
_GOOD = (".test.json", "SUCCESS")


def promtool(folder: Path, *arguments: str) -> str:
    """Return what promtool objects to, "" if it is nothing."""
    command = [str(system_program("promtool")), *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=180)
    lines = (done.stdout + done.stderr).splitlines()
    return "" if done.returncode == 0 else "\n".join(line for line in lines if not line.endswith(_GOOD))


def test_every_alert_of_every_stack_fires_on_its_fault_and_only_then(tmp_path: Path) -> None:
    tried: set[str] = set()
    tests = [
        str(file.relative_to(tmp_path))
        for name, settings, plan in variants()
        for file in write_tests(tmp_path / name, settings, plan, tried)
    ]
    assert promtool(tmp_path, "check", "rules", *map(str, tmp_path.glob("*/*.yaml"))) == ""
    assert promtool(tmp_path, "test", "rules", *tests) == ""


def test_every_alert_has_a_case_and_every_case_an_alert() -> None:
    # Alerts on error budgets need days of series: tests/tools/test_burn_rates.py.
    assert {name for name in every_alert() if not name.startswith("TracingSlo")} == set(CASES)
