"""Run promtool's tests of rules: series in, alerts out, without waiting."""

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from render.grafana.rules.rule import Group, rule_file
from tests.support.tools import system_program

RUNBOOKS = "https://runbooks.example.com"


def refusal(
    folder: Path, groups: Sequence[Group], tests: Sequence[Mapping[str, Any]], evaluated: str = "1m"
) -> str:
    """Return what promtool finds wrong with these tests of these groups, "" if that is nothing.

    It evaluates all groups as often as `evaluated` says, whatever their own intervals are.
    """
    for group in groups:
        (folder / f"{group.name}.yaml").write_text(rule_file(group, RUNBOOKS), encoding="utf-8")
    document = {
        "rule_files": [f"{group.name}.yaml" for group in groups],
        "evaluation_interval": evaluated,
        "group_eval_order": [group.name for group in groups],
        "tests": list(tests),
    }
    (folder / "tests.yaml").write_text(yaml.safe_dump(document), encoding="utf-8")
    command = [str(system_program("promtool")), "test", "rules", "tests.yaml"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=300)
    return "" if done.returncode == 0 else done.stdout + done.stderr
