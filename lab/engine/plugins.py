"""Provide the engine's resource plugins: installed by the user, else built by the lab, else emulated.

An emulated plugin is a launcher of `lab.emulated` on the engine's PATH.
"""

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

from lab.errors import LabError
from lab.toolchain import build
from settings.project import REPO

EMULATED = ("aws", "random")
# Built from source by the lab: the plugins' names, and those of the tools in the catalogue.
_BUILT = {"kubernetes": "kubernetes-plugin"}
# The largest, for AWS, is 200 MB to download.
_INSTALL_SECONDS = 600


def engine_tools() -> tuple[str, ...]:
    """Return the catalogue's tools that the engine needs: itself, and plugins that are not installed."""
    return ("pulumi", *(tool for name, tool in _BUILT.items() if _installed(name) is None))


def provide_plugins(home: Path) -> Mapping[str, str]:
    """Make every plugin findable and return its origin by name; LabError when one is not built yet.

    An installed or built plugin gets a folder in the engine's PULUMI_HOME, an emulated one a launcher on its PATH.
    """
    plugins, launchers = home / "pulumi" / "plugins", home / "launchers"
    return {name: _provide(name, plugins, launchers) for name in (*_BUILT, *EMULATED)}


def install_plugins(pulumi: Path) -> Mapping[str, Path]:
    """Install the plugins of the SDKs' versions, as a real cloud needs them; return their folders by name.

    One that is installed is left alone. Raises LabError when the engine cannot download one.
    """
    return {name: _installed(name) or _install(name, pulumi) for name in (*_BUILT, *EMULATED)}


def _install(name: str, pulumi: Path) -> Path:
    number = version(f"pulumi_{name}")
    command = [str(pulumi), "plugin", "install", "resource", name, number, "--non-interactive", "--color", "never"]
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_INSTALL_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        what = f"The resource plugin {name} {number} did not arrive within {_INSTALL_SECONDS} s."
        raise LabError(what, "Check the network, then run: " + " ".join(command)) from error
    if (folder := _installed(name)) and not done.returncode:
        return folder
    reason = (done.stderr or done.stdout).strip()
    raise LabError(
        f"The resource plugin {name} {number} could not be installed: {reason}",
        f"Check the network, or install it where PULUMI_HOME points: {' '.join(command)}",
    )


def write_launcher(folder: Path, name: str) -> None:
    """Write the executable `pulumi-resource-NAME` that starts an emulated plugin."""
    folder.mkdir(parents=True, exist_ok=True)
    # The engine starts a plugin in the program's folder with the program's environment, so the launcher itself
    # must name its Python and its checkout.
    text = (
        "#!/bin/sh\n"
        f"PYTHONPATH={shlex.quote(str(REPO))} "
        f'exec {shlex.quote(sys.executable)} -m lab.emulated {name} {version(f"pulumi_{name}")} "$@"\n'
    )
    launcher = folder / _program(name)
    # An up-to-date launcher is not rewritten: an engine may be starting it at this moment.
    if not launcher.exists() or launcher.read_text(encoding="utf-8") != text:
        launcher.write_text(text, encoding="utf-8")
        launcher.chmod(0o755)


def _provide(name: str, plugins: Path, launchers: Path) -> str:
    """Make one plugin findable and return its origin, as in `4.34.2 built in /root/.cache/…` or `emulated`."""
    installed = _installed(name)
    built = build.find(_BUILT[name]) if name in _BUILT and not installed else None
    if folder := installed or (built and built.parent):
        _link(folder, plugins / _folder_name(name))
        # The engine prefers a program on PATH to an installed plugin.
        (launchers / _program(name)).unlink(missing_ok=True)
        return f"{version(f'pulumi_{name}')} {'installed' if installed else 'built'} in {folder}"
    if name in _BUILT:
        raise LabError(f"The resource plugin {name} is not built yet.", "Run `make up` or `make tools`.")
    write_launcher(launchers, name)
    return "emulated"


def _installed(name: str) -> Path | None:
    """Return the folder where `pulumi plugin install` puts the plugin of exactly the SDK's version."""
    user_home = Path(os.environ.get("PULUMI_HOME") or Path.home() / ".pulumi")
    folder = user_home / "plugins" / _folder_name(name)
    return folder if (folder / _program(name)).exists() else None


def _link(source: Path, folder: Path) -> None:
    """Make a folder of links to a plugin's files: the engine ignores a folder that is itself a link."""
    wanted = {file.name: file.resolve() for file in source.iterdir()}
    if folder.is_symlink():
        folder.unlink()
    elif folder.is_dir() and {file.name: file.resolve() for file in folder.iterdir()} == wanted:
        return
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, file in wanted.items():
        (folder / name).symlink_to(file)


def _folder_name(name: str) -> str:
    return f"resource-{name}-v{version(f'pulumi_{name}')}"


def _program(name: str) -> str:
    return f"pulumi-resource-{name}"
