"""Packages of npm appear in the cache whole or not at all; npm is a stub that makes what it is asked for."""

from pathlib import Path

import pytest
from rich.console import Console

from lab.errors import LabError
from lab.progress import Progress
from lab.toolchain.npm import locked_modules

_FETCHES = '#!/bin/sh\necho "$*" >> {calls}\nmkdir -p node_modules/found\n'
_FAILS = "#!/bin/sh\nmkdir -p node_modules/half\necho 'npm error code E404' >&2\nexit 1\n"


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a lock file, an empty cache, and an npm on PATH that notes how it is called."""
    monkeypatch.setenv("FAWKES_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"), prepend=":")
    (tmp_path / "bin").mkdir()
    npm(tmp_path, _FETCHES)
    folder = tmp_path / "source"
    folder.mkdir()
    (folder / "package.json").write_text("{}", encoding="utf-8")
    (folder / "package-lock.json").write_text("{}", encoding="utf-8")
    return folder


def npm(tmp_path: Path, script: str) -> None:
    """Put an npm on PATH."""
    program = tmp_path / "bin" / "npm"
    program.write_text(script.format(calls=tmp_path / "calls"), encoding="utf-8")
    program.chmod(0o755)


def modules(source: Path) -> Path:
    """Return the folder of the packages."""
    with Progress(Console(quiet=True)) as progress:
        return locked_modules("shop", source, "the shop's packages", progress)


def test_they_are_fetched_once_and_run_no_script(source: Path, tmp_path: Path) -> None:
    found = modules(source)
    assert modules(source) == found
    assert (found / "node_modules" / "found").is_dir()
    (call,) = (tmp_path / "calls").read_text(encoding="utf-8").splitlines()
    assert call.startswith("ci --ignore-scripts ")


def test_another_lock_file_is_another_folder(source: Path) -> None:
    before = modules(source)
    (source / "package-lock.json").write_text('{"a": 1}', encoding="utf-8")
    assert modules(source) != before


def test_what_could_not_be_fetched_is_said_and_leaves_nothing(source: Path, tmp_path: Path) -> None:
    npm(tmp_path, _FAILS)
    with pytest.raises(LabError, match="npm could not fetch the shop's packages: npm error code E404"):
        modules(source)
    npm(tmp_path, _FETCHES)
    assert not (modules(source) / "node_modules" / "half").exists()
