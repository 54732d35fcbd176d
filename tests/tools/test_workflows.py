"""The linter of GitHub's workflows, built from source."""

import subprocess
from pathlib import Path

import pytest

from lab.toolchain import build
from settings.project import REPO
from tests.support.lab_fixtures import absent

pytestmark = pytest.mark.tools

# The same file that the auditor of workflows refuses.
CARELESS = REPO / "tests" / "data" / "workflows" / "careless.yml"


def linted(*paths: Path) -> str:
    """Return what actionlint reports, "" if that is nothing."""
    program = build.find("actionlint")
    if program is None:
        absent("actionlint is not built: run `make tools` first.")
    # No shellcheck and no pyflakes, which may or may not be installed: the commands are single make targets.
    command = [str(program), "-no-color", "-shellcheck=", "-pyflakes=", *map(str, paths)]
    done = subprocess.run(command, cwd=REPO, capture_output=True, text=True, check=False)
    return f"{done.stdout}{done.stderr}"


def test_the_linter_of_workflows_finds_nothing() -> None:
    assert linted(*(REPO / ".github" / "workflows").glob("*.yml")) == ""


def test_the_linter_looks_at_all() -> None:
    assert "untrusted" in linted(CARELESS)
