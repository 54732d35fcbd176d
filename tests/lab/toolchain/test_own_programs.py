"""Programs on PATH in place of builds, as the queue and its messages treat them."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from lab.progress import Progress
from lab.toolchain import build
from lab.toolchain.build import find
from lab.toolchain.queue import BuildQueue
from lab.toolchain.tools import OwnInstallation
from tests.support.builds import builds, ensure, tool
from tests.support.executables import script


@pytest.fixture
def own_engine(
    declare: Callable[..., None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Path]:
    """Put an engine on PATH; the returned function takes its output and the names of programs beside it."""

    def put(printed: str, *beside: str) -> Path:
        for name in ("engine", *beside):
            script(tmp_path / "programs" / name, f"echo {printed}")
        monkeypatch.setenv("PATH", f"{tmp_path / 'programs'}:/usr/bin:/bin")
        own = OwnInstallation(
            version_command=("engine", "version"),
            version_pattern=r"^v(\d+\S*)$",
            minimum="3.200",
            beside=("host",),
        )
        declare(tool("engine", own=own))
        return tmp_path / "programs" / "engine"

    return put


@pytest.mark.parametrize("printed", ["v3.200.0", "v3.201.1", "v4.0.0-beta.1"])
def test_the_machines_own_program_is_used_when_it_is_new_enough(
    own_engine: Callable[..., Path], printed: str
) -> None:
    """A machine with the real engine should not compile another."""
    engine = own_engine(printed, "host")
    assert find("engine") == engine


@pytest.mark.parametrize("printed", ["v3.199.9", "v2.300.0", "unknown"])
def test_the_machines_own_program_is_passed_over_when_it_is_old(
    own_engine: Callable[..., Path], printed: str
) -> None:
    """An old engine would fail in the middle of a deployment."""
    own_engine(printed, "host")
    assert find("engine") is None


def test_the_machines_own_program_is_passed_over_when_its_companion_is_missing(
    own_engine: Callable[..., Path],
) -> None:
    """An engine without its Python host cannot run this program."""
    own_engine("v3.200.0")
    assert find("engine") is None


def test_what_is_used_as_it_is_on_this_machine_is_said_with_version_and_place(
    own_engine: Callable[..., Path], progress: Progress, screen: io.StringIO
) -> None:
    """Otherwise people look for a failure in the lab's build. A path may contain rich's markup."""
    engine = own_engine("v3.201.1", "host")
    assert ensure("engine", progress) == engine
    assert f"Installed on this machine: engine 3.201.1 ({engine})\n" in screen.getvalue()


def test_what_is_built_although_it_is_installed_is_said_with_the_reason(
    own_engine: Callable[..., Path], progress: Progress, screen: io.StringIO
) -> None:
    """A user who installed it to avoid the build must learn why it is not used."""
    engine = own_engine("v3.199.9", "host")
    assert ensure("engine", progress) == build.built("engine")
    said = f"Installed on this machine, but not used: engine 3.199.9 ({engine}), because it is older than 3.200\n"
    assert said in screen.getvalue()


def test_an_installed_program_that_does_not_serve_is_said_with_the_reason_and_another_built(
    own_engine: Callable[..., Path], progress: Progress, screen: io.StringIO, tmp_path: Path
) -> None:
    engine = own_engine("v3.201.1", "host")
    for _ in range(2):
        with BuildQueue(progress, ["engine"], {"engine": "it is a Tuesday"}) as queue:
            assert queue.wait("engine") == build.built("engine")
    said = f"Installed on this machine, but not used: engine 3.201.1 ({engine}), because it is a Tuesday\n"
    assert screen.getvalue().count(said) == 2
    assert len(builds(tmp_path)) == 1
