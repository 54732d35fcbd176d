from collections.abc import Callable
from pathlib import Path

import pytest

from lab.errors import LabError
from lab.progress import Progress
from lab.toolchain import build, catalogue
from lab.toolchain.build import find
from lab.toolchain.tools import Files, Program
from tests.support.builds import builds, ensure, tool


def test_a_missing_tool_is_built_and_then_found(declare: Callable[..., None], progress: Progress) -> None:
    """The path that `make up` takes on a new machine."""
    declare(tool("alpha"))
    assert find("alpha") is None
    built = ensure("alpha", progress)
    assert built.read_text(encoding="utf-8") == "./alpha\n"
    assert find("alpha") == built


def test_looking_for_a_tool_makes_no_folder(declare: Callable[..., None], tmp_path: Path) -> None:
    """`python -m lab path tempo` only looks."""
    declare(tool("alpha"))
    assert find("alpha") is None
    assert not (tmp_path / "cache").exists()


def test_a_second_request_builds_nothing(declare: Callable[..., None], progress: Progress, tmp_path: Path) -> None:
    """A warm start must cost nothing."""
    declare(tool("alpha"))
    assert ensure("alpha", progress) == ensure("alpha", progress)
    assert len(builds(tmp_path)) == 1


def test_a_changed_recipe_is_built_anew(declare: Callable[..., None], progress: Progress, tmp_path: Path) -> None:
    """Otherwise the old binary would still be used after an upgrade in go.mod."""
    declare(tool("alpha"))
    before = ensure("alpha", progress)
    (tmp_path / "modules" / "all" / "go.mod").write_text("module all\n\ngo 1.26\n", encoding="utf-8")
    build._recipe_hash.cache_clear()
    assert find("alpha") is None
    assert ensure("alpha", progress) != before


def test_a_failed_build_names_its_log_and_leaves_nothing_behind(
    declare: Callable[..., None], progress: Progress, tmp_path: Path
) -> None:
    """A partial build that is found later fails far from its cause."""
    declare(tool("broken"))
    with pytest.raises(LabError, match="broken on purpose") as error:
        ensure("broken", progress)
    log = tmp_path / "cache" / "logs" / "build-broken.log"
    assert str(log) in error.value.what
    assert "broken on purpose" in log.read_text(encoding="utf-8")
    assert find("broken") is None
    assert [path.name for path in (tmp_path / "cache" / "bin").iterdir()] == ["build.lock"]


def test_a_tool_of_two_programs_and_files_has_them_in_one_folder(
    declare: Callable[..., None], progress: Progress, tmp_path: Path
) -> None:
    """The engine looks for its language host and scripts beside itself; a data file is not executable."""
    (tmp_path / "dependency" / "python").mkdir(parents=True)
    (tmp_path / "dependency" / "python" / "exec").write_text("#!/bin/sh\n", encoding="utf-8")
    (tmp_path / "dependency" / "data.yaml").write_text("a: 1\n", encoding="utf-8")
    programs = tuple(Program(binary=name, module="all", package=f"./{name}") for name in ("engine", "host"))
    files = Files(module="all", dependency="example.org/sdk", files=("python/exec", "data.yaml"))
    declare(tool("engine", programs=programs, files=(files,)))
    folder = ensure("engine", progress).parent
    assert sorted(path.name for path in folder.iterdir()) == ["data.yaml", "engine", "exec", "host"]
    assert (folder / "exec").stat().st_mode & 0o111
    assert not (folder / "data.yaml").stat().st_mode & 0o111


def test_a_cache_that_cannot_be_written_is_one_clear_error(
    declare: Callable[..., None], progress: Progress, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full or read-only disk is the most common fault of a build machine."""

    def refuse(*_: object) -> str:
        raise OSError(28, "No space left on device", str(tmp_path / "cache" / "bin"))

    declare(tool("alpha"))
    monkeypatch.setattr("lab.toolchain.build.tempfile.mkdtemp", refuse)
    with pytest.raises(LabError, match="No space left on device") as error:
        ensure("alpha", progress)
    assert "FAWKES_CACHE_DIR" in error.value.fix


def test_every_tool_of_the_catalogue_has_a_folder_of_its_own() -> None:
    """Two tools in one folder would overwrite each other."""
    folders = {build._folder_name(tool) for tool in catalogue.TOOLS.values()}
    assert len(folders) == len(catalogue.TOOLS)
