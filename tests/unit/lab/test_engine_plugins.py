from importlib.metadata import version
from pathlib import Path

import pytest

from lab import launchers as stand_ins
from lab.engine_plugins import provide


@pytest.fixture
def real(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user's plugin folder with the real `random` plugin of the right version."""
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path / "user"))
    folder = tmp_path / "user" / "plugins" / f"resource-random-v{version('pulumi_random')}"
    folder.mkdir(parents=True)
    (folder / "pulumi-resource-random").touch()
    return folder


def test_stand_ins_are_launched_where_nothing_is_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The engine finds them on PATH."""
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path / "user"))
    chosen = provide(tmp_path / "home", tmp_path / "launchers")
    assert chosen == dict.fromkeys(stand_ins.NAMES, "stand-in")
    for name in stand_ins.NAMES:
        assert (tmp_path / "launchers" / f"pulumi-resource-{name}").stat().st_mode & 0o111


def test_a_real_plugin_is_preferred(real: Path, tmp_path: Path) -> None:
    """Also over a launcher of before, for what is on PATH would win."""
    launchers = tmp_path / "launchers"
    stand_ins.write_launchers(launchers)
    chosen = provide(tmp_path / "home", launchers)
    assert chosen["random"] == f"real ({real})"
    assert not (launchers / "pulumi-resource-random").exists()
    assert (tmp_path / "home" / "plugins" / real.name / "pulumi-resource-random").exists()
    assert chosen["kubernetes"] == "stand-in"


@pytest.mark.usefixtures("real")
def test_providing_twice_is_as_providing_once(tmp_path: Path) -> None:
    """Every run does it."""
    once = provide(tmp_path / "home", tmp_path / "launchers")
    assert provide(tmp_path / "home", tmp_path / "launchers") == once


def test_a_real_plugin_of_another_version_is_not_used(real: Path, tmp_path: Path) -> None:
    """The engine would refuse it, and there would be nothing."""
    real.rename(real.with_name("resource-random-v0.0.1"))
    assert provide(tmp_path / "home", tmp_path / "launchers")["random"] == "stand-in"
