"""Which resource plugins the engine gets: those that the user installed, else built ones, else stand-ins."""

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from lab.engine import launchers as stand_ins
from lab.errors import LabError
from lab.toolchain import build

# Built from source by the lab; the tool's name in the catalogue by that of the plugin.
_BUILT = {"kubernetes": "kubernetes-plugin"}
NAMES = (*_BUILT, *stand_ins.NAMES)


@dataclass(frozen=True)
class _Plugin:
    """One plugin's name, the folder of its program, and whether the user installed it."""

    name: str
    folder: Path
    installed: bool

    @property
    def text(self) -> str:
        """Say which it is, as in `4.34.2 installed in /root/.pulumi/plugins/resource-kubernetes-v4.34.2`."""
        return f"{_version(self.name)} {'installed' if self.installed else 'built'} in {self.folder}"


def engine_tools() -> tuple[str, ...]:
    """Return the catalogue's tools that the engine needs: itself, and plugins that are not installed."""
    return ("pulumi", *(tool for name, tool in _BUILT.items() if _installed(name) is None))


def provide(home: Path, launchers: Path) -> Mapping[str, str]:
    """Make every plugin findable; return, by name, which it is. LabError when one is still to be built.

    An installed or built plugin gets a folder in `home` (the engine's own PULUMI_HOME); a stand-in a
    launcher in `launchers`, which must be on the engine's PATH.
    """
    real = {name: plugin for name in NAMES if (plugin := _installed(name) or _built(name))}
    if missing := _BUILT.keys() - real.keys():
        raise LabError(
            f"Resource plugins are not built yet: {', '.join(missing)}.", "Run `make up` or `make tools`."
        )
    for plugin in real.values():
        _place(plugin, home / "plugins")
        # A program on PATH wins over an installed plugin.
        (launchers / _program(plugin.name)).unlink(missing_ok=True)
    stand_ins.write_launchers(launchers, tuple(name for name in stand_ins.NAMES if name not in real))
    return {name: real[name].text if name in real else "stand-in" for name in NAMES}


def _installed(name: str) -> _Plugin | None:
    """Find the plugin of exactly the SDK's version where `pulumi plugin install` puts it."""
    user_home = Path(os.environ.get("PULUMI_HOME") or Path.home() / ".pulumi")
    folder = user_home / "plugins" / _folder_name(name)
    return _Plugin(name, folder, installed=True) if (folder / _program(name)).exists() else None


def _built(name: str) -> _Plugin | None:
    program = build.find(_BUILT[name]) if name in _BUILT else None
    return _Plugin(name, program.parent, installed=False) if program else None


def _place(plugin: _Plugin, plugins: Path) -> None:
    """Give the engine a folder of links to the plugin's files: it passes over a folder that is itself a link."""
    place = plugins / _folder_name(plugin.name)
    wanted = {file.name: file.resolve() for file in plugin.folder.iterdir()}
    if place.is_dir() and not place.is_symlink() and {f.name: f.resolve() for f in place.iterdir()} == wanted:
        return
    if place.is_symlink():
        place.unlink()
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    for name, file in wanted.items():
        (place / name).symlink_to(file)


def _folder_name(name: str) -> str:
    return f"resource-{name}-v{_version(name)}"


def _program(name: str) -> str:
    return f"pulumi-resource-{name}"


def _version(name: str) -> str:
    return version(f"pulumi_{name}")
