from importlib.metadata import version
from pathlib import Path

import pytest

from lab.engine.plugins import EMULATED, engine_tools, install_plugins, provide_plugins, write_launcher
from lab.errors import LabError
from lab.toolchain import build
from tests.support.executables import script

_KUBERNETES = f"resource-kubernetes-v{version('pulumi_kubernetes')}"


@pytest.fixture(autouse=True)
def plugins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's own plugin folder, which is empty."""
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path / "user"))
    folder = tmp_path / "user" / "plugins"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture(autouse=True)
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The built Kubernetes plugin: a program that reads a file beside itself."""
    program = tmp_path / "built" / "pulumi-resource-kubernetes"
    program.parent.mkdir()
    program.write_text("built", encoding="utf-8")
    (program.parent / "schema.json").write_text("{}", encoding="utf-8")
    monkeypatch.setattr(build, "find", lambda name: program if name == "kubernetes-plugin" else None)
    return program


def _install(plugins: Path, name: str, of_version: str) -> Path:
    folder = plugins / f"resource-{name}-v{of_version}"
    folder.mkdir()
    (folder / f"pulumi-resource-{name}").write_text("installed", encoding="utf-8")
    return folder


def test_where_nothing_is_installed_kubernetes_is_built_and_the_others_are_emulated(tmp_path: Path) -> None:
    """Emulated ones are on PATH; a built one lies, with all its files, where the engine keeps installed ones."""
    chosen = provide_plugins(tmp_path)
    assert [chosen[name] for name in EMULATED] == ["emulated", "emulated"]
    assert "built in" in chosen["kubernetes"]
    for name in EMULATED:
        assert (tmp_path / "launchers" / f"pulumi-resource-{name}").stat().st_mode & 0o111
    placed = tmp_path / "pulumi" / "plugins" / _KUBERNETES
    assert {file.name: file.read_text(encoding="utf-8") for file in placed.iterdir()} == {
        "pulumi-resource-kubernetes": "built",
        "schema.json": "{}",
    }


def test_the_folder_of_a_plugin_is_no_link(tmp_path: Path, plugins: Path) -> None:
    """The engine ignores a folder that is a symbolic link, so an installed plugin was never found."""
    _install(plugins, "random", version("pulumi_random"))
    provide_plugins(tmp_path)
    placed = sorted((tmp_path / "pulumi" / "plugins").iterdir())
    assert len(placed) == 2
    assert [folder.is_symlink() for folder in placed] == [False, False]


def test_a_link_of_an_earlier_version_is_replaced_and_what_it_led_to_stays(tmp_path: Path, plugins: Path) -> None:
    """Existing labs have such links."""
    folder = _install(plugins, "random", version("pulumi_random"))
    link = tmp_path / "pulumi" / "plugins" / folder.name
    link.parent.mkdir(parents=True)
    link.symlink_to(folder)
    provide_plugins(tmp_path)
    assert not link.is_symlink()
    assert (link / "pulumi-resource-random").read_text(encoding="utf-8") == "installed"
    assert (folder / "pulumi-resource-random").is_file()


def test_an_installed_plugin_is_preferred_to_an_emulated_and_to_a_built_one(tmp_path: Path, plugins: Path) -> None:
    """Even over an earlier launcher: the engine would prefer the one on PATH."""
    launchers = tmp_path / "launchers"
    write_launcher(launchers, "random")
    for name in ("random", "kubernetes"):
        _install(plugins, name, version(f"pulumi_{name}"))
    provide_plugins(tmp_path)
    assert not (launchers / "pulumi-resource-random").exists()
    for placed in (tmp_path / "pulumi" / "plugins").iterdir():
        (program,) = placed.iterdir()
        assert program.read_text(encoding="utf-8") == "installed"


def test_an_installed_plugin_that_goes_makes_room_for_the_built_one(tmp_path: Path, plugins: Path) -> None:
    """The links of the last run must not hide it."""
    folder = _install(plugins, "kubernetes", version("pulumi_kubernetes"))
    provide_plugins(tmp_path)
    folder.rename(tmp_path / "elsewhere")
    provide_plugins(tmp_path)
    program = tmp_path / "pulumi" / "plugins" / _KUBERNETES / "pulumi-resource-kubernetes"
    assert program.read_text(encoding="utf-8") == "built"


def test_providing_twice_changes_no_file(tmp_path: Path) -> None:
    """Every run does it, and another engine may be starting a plugin at that moment."""
    once = provide_plugins(tmp_path)
    before = (tmp_path / "pulumi" / "plugins" / _KUBERNETES).stat()
    assert provide_plugins(tmp_path) == once
    after = (tmp_path / "pulumi" / "plugins" / _KUBERNETES).stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_an_installed_plugin_of_another_version_is_not_used(tmp_path: Path, plugins: Path) -> None:
    """The engine would refuse it, and no plugin would be left."""
    _install(plugins, "random", "0.0.1")
    assert provide_plugins(tmp_path)["random"] == "emulated"


def test_a_plugin_that_is_installed_is_not_built(plugins: Path) -> None:
    """The build would take two minutes for nothing."""
    assert engine_tools() == ("pulumi", "kubernetes-plugin")
    _install(plugins, "kubernetes", version("pulumi_kubernetes"))
    assert engine_tools() == ("pulumi",)


def test_a_plugin_that_is_neither_installed_nor_built_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The engine itself would name a command that this machine may not reach."""
    monkeypatch.setattr(build, "find", lambda _: None)
    with pytest.raises(LabError, match="kubernetes is not built yet"):
        provide_plugins(tmp_path)


def test_plugins_that_are_missing_are_installed_in_the_sdks_versions(tmp_path: Path, plugins: Path) -> None:
    """A real cloud needs real ones, and the engine starts no other version."""
    kept = _install(plugins, "kubernetes", version("pulumi_kubernetes"))
    # plugin install resource NAME VERSION
    installs = 'folder="$PULUMI_HOME/plugins/resource-$4-v$5"; mkdir "$folder"; touch "$folder/pulumi-resource-$4"'
    pulumi = script(tmp_path / "pulumi", f'test "$1 $2 $3" = "plugin install resource" && {installs}')
    found = install_plugins(pulumi)
    assert found["kubernetes"] == kept
    assert {name: folder.name for name, folder in found.items()} == {
        name: f"resource-{name}-v{version(f'pulumi_{name}')}" for name in ("kubernetes", "aws", "random")
    }


@pytest.mark.parametrize("code", [1, 0])
def test_a_plugin_that_does_not_arrive_is_named_with_the_engines_reason(tmp_path: Path, code: int) -> None:
    """Also when the engine thinks that it did."""
    pulumi = script(tmp_path / "pulumi", f"echo 'error: 404 for this version' >&2; exit {code}")
    with pytest.raises(LabError, match=r"kubernetes .* could not be installed: error: 404") as refusal:
        install_plugins(pulumi)
    assert f"{pulumi} plugin install resource kubernetes {version('pulumi_kubernetes')}" in refusal.value.fix
