"""How the engine finds the stand-ins of `lab.emulated`: a program each on its PATH."""

import shlex
import sys
from importlib.metadata import version
from pathlib import Path

from settings.project import REPO

NAMES = ("aws", "random")


def write_launchers(folder: Path, names: tuple[str, ...] = NAMES) -> None:
    """Write one executable `pulumi-resource-NAME` a stand-in into `folder`, for the engine to find on PATH."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        launcher, text = folder / f"pulumi-resource-{name}", _launcher(name)
        # One that is right stays as it is: an engine may be starting it at this moment.
        if not launcher.exists() or launcher.read_text(encoding="utf-8") != text:
            launcher.write_text(text, encoding="utf-8")
            launcher.chmod(0o755)


def _launcher(name: str) -> str:
    # The engine starts a plugin in the program's folder with the program's environment, so the
    # launcher itself must say which Python and which checkout it belongs to.
    return (
        "#!/bin/sh\n"
        f"PYTHONPATH={shlex.quote(str(REPO))} "
        f'exec {shlex.quote(sys.executable)} -m lab.emulated {name} {version(f"pulumi_{name}")} "$@"\n'
    )
