"""Checkov's environment appears in the cache whole or not at all; uv is a stub that makes what it is asked for."""

from pathlib import Path

import pytest
from rich.console import Console

from lab.errors import LabError
from lab.progress import Progress
from lab.toolchain import python_environment
from make_venv import SetupError
from scan import environment
from scan.environment import checkov_python


class Uv:
    """Stands in for uv: creates an environment, and installs or fails."""

    def __init__(self) -> None:
        """Nothing was called; installing succeeds."""
        self.calls: list[list[str]] = []
        self.error: Exception | None = None

    def run(self, command: list[str]) -> None:
        """Do what uv would."""
        self.calls.append(command[1:3])
        if command[1] == "venv":
            python = Path(command[-1]) / "bin" / "python"
            python.parent.mkdir(parents=True)
            python.touch()
        elif self.error is not None:
            raise self.error


@pytest.fixture
def uv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Uv:
    """A uv that only makes folders, and an empty cache."""
    stub = Uv()
    monkeypatch.setenv("FAWKES_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(python_environment, "installed_uv", lambda: Path("/usr/bin/uv"))
    monkeypatch.setattr(python_environment, "run", stub.run)
    return stub


@pytest.fixture
def progress() -> Progress:
    """A progress that prints nothing."""
    return Progress(Console(quiet=True))


def test_it_is_installed_once(uv: Uv, progress: Progress) -> None:
    with progress:
        first = checkov_python(progress)
        assert checkov_python(progress) == first
    assert first.is_file()
    assert uv.calls == [["venv", "--quiet"], ["pip", "sync"]]


@pytest.mark.parametrize("error", [SetupError("no network", "Check it."), KeyboardInterrupt()])
def test_an_installation_that_did_not_end_leaves_nothing_that_looks_complete(
    uv: Uv, progress: Progress, error: Exception
) -> None:
    uv.error = error
    with progress, pytest.raises((LabError, KeyboardInterrupt)):
        checkov_python(progress)
    uv.error = None
    with progress:
        assert checkov_python(progress).is_file()
    assert uv.calls.count(["pip", "sync"]) == 2


def test_a_failed_installation_says_why_and_what_to_do(uv: Uv, progress: Progress) -> None:
    uv.error = SetupError("`uv` failed:\n  no network", "Check the network; then run the same command again.")
    with progress, pytest.raises(LabError) as refusal:
        checkov_python(progress)
    assert refusal.value.what == "checkov could not be installed.\n`uv` failed:\n  no network"
    assert refusal.value.fix == "Check the network; then run the same command again."


def test_another_lock_is_another_environment(
    uv: Uv, progress: Progress, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise an upgrade would go on with the old version."""
    with progress:
        before = checkov_python(progress)
        other = tmp_path / "other.lock"
        other.write_text("checkov==9\n", encoding="utf-8")
        monkeypatch.setattr(environment, "LOCK", other)
        assert checkov_python(progress) != before
    assert len(uv.calls) == 4
