"""Stand-ins for Pulumi's resource plugins, used only where the real plugin is not installed.

Each is a small Python program that speaks Pulumi's provider protocol. They exist so that the real
engine, its state, diffs, policies and secrets are exercised on a machine that cannot download plugins;
a real deployment uses the real plugins. What they do is kept to what the real ones do, and what they
cannot do they refuse in a sentence.
"""

import shlex
import sys
from pathlib import Path

from lab.paths import REPO

NAMES = ("aws", "kubernetes", "random")


def write_launchers(folder: Path, names: tuple[str, ...] = NAMES) -> None:
    """Write one executable `pulumi-resource-NAME` a stand-in into `folder`, for the engine to find on PATH."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        launcher, text = folder / f"pulumi-resource-{name}", _launcher(name)
        # One that is right stays as it is: an engine may be starting it at this moment.
        if not launcher.exists() or launcher.read_text() != text:
            launcher.write_text(text)
            launcher.chmod(0o755)


def _launcher(name: str) -> str:
    # The engine starts a plugin in the program's folder with the program's environment, so the
    # launcher itself must say which Python and which checkout it belongs to.
    return (
        "#!/bin/sh\n"
        f"PYTHONPATH={shlex.quote(str(REPO))} "
        f'exec {shlex.quote(sys.executable)} -m lab.providers {name} "$@"\n'
    )
