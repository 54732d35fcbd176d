"""What people type behind `make`: every value arrives as it is, and none of it is run."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from settings.project import REPO

# Quotes that end a recipe's own, what make and shells expand, and comments.
HARD = (
    """'; touch {file}; ' "; touch {file}; " `touch {file}` $(touch {file}) $(shell touch {file}) $a $$ # é \\"""
)


@pytest.fixture
def venv(tmp_path: Path) -> Path:
    """A folder with a `python` that prints its arguments, and the options that it finds in the environment."""
    assert shutil.which("make"), "the tests need make, as everything does"
    program = tmp_path / "python"
    program.write_text(
        f"#!{sys.executable}\nimport json, os, sys\n"
        "options = {name: os.environ[name] for name in ('EVENTS', 'DIGEST') if os.environ.get(name)}\n"
        "print(json.dumps(sys.argv[1:] + [options] * bool(options)))\n",
        encoding="utf-8",
    )
    program.chmod(0o755)
    return tmp_path


def arguments(venv: Path, *typed: str) -> list[str | dict[str, str]]:
    """Return what a target would call Python with; at the end the options in the environment, if there are any."""
    done = subprocess.run(
        ["make", "-s", f"VENV={venv}", "PYTHON=true", *typed],
        cwd=REPO,
        env={"PATH": os.environ["PATH"]},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
    )
    found: list[str | dict[str, str]] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize(
    ("target", "variable", "wanted"),
    [
        ("query", "Q", ["-m", "lab", "query", "--file=", "--", "{}"]),
        ("query", "FILE", ["-m", "lab", "query", "--file={}", "--", ""]),
        ("trace", "ID", ["-m", "lab", "trace", "--", "{}"]),
        ("logs", "POD", ["-m", "lab", "logs", "--pod={}", "--lines=40", "--namespace="]),
        ("logs", "LINES", ["-m", "lab", "logs", "--pod=", "--lines={}", "--namespace="]),
        ("logs", "NAMESPACE", ["-m", "lab", "logs", "--pod=", "--lines=40", "--namespace={}"]),
        ("render", "OUT", ["-m", "cli", "snapshot", "--out={}", "--", "dojo"]),
        ("render", "STACK", ["-m", "cli", "snapshot", "--out=out", "--", "{}"]),
        ("cost", "STACK", ["-m", "cli", "cost", "Pulumi.{}.yaml"]),
    ],
)
def test_a_value_arrives_as_it_was_typed_and_nothing_in_it_is_run(
    venv: Path, target: str, variable: str, wanted: list[str]
) -> None:
    """A query quotes texts and regular expressions, where `$` and quotes are common."""
    created = venv / "created"
    value = HARD.format(file=created)
    assert arguments(venv, target, f"{variable}={value}") == [one.replace("{}", value) for one in wanted]
    assert not created.exists()


@pytest.mark.parametrize(("target", "variable"), [("preview", "EVENTS"), ("preview", "DIGEST"), ("up", "DIGEST")])
def test_where_a_preview_is_kept_reaches_the_command_as_it_was_typed(
    venv: Path, target: str, variable: str
) -> None:
    value = HARD.format(file=venv / "created")
    assert arguments(venv, target, f"{variable}={value}") == ["-m", "lab", target, {variable: value}]
    assert not (venv / "created").exists()


def test_a_variable_that_is_not_given_has_its_default(venv: Path) -> None:
    assert arguments(venv, "query") == ["-m", "lab", "query", "--file=", "--", ""]
    assert arguments(venv, "render") == ["-m", "cli", "snapshot", "--out=out", "--", "dojo"]


def test_the_command_beside_make_is_the_labs_from_any_folder(tmp_path: Path) -> None:
    """No make, no recipe: what the shell passes on is the query."""
    done = subprocess.run(
        [sys.executable, REPO / "fawkes", "path", "$x"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "There is no tool '$x'" in done.stderr
    assert os.access(REPO / "fawkes", os.X_OK)
