"""Which resource plugins the engine gets: the machine's real ones where they are, else the stand-ins."""

import os
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

from lab import launchers as stand_ins


def provide(home: Path, launchers: Path) -> Mapping[str, str]:
    """Make every plugin findable; return, by name, where it comes from.

    A real plugin is linked into `home` (the engine's own PULUMI_HOME); a stand-in gets a launcher in
    `launchers`, which must be on the engine's PATH.
    """
    chosen = {name: _real(name) for name in stand_ins.NAMES}
    for name, folder in chosen.items():
        if folder:
            _link(folder, home / "plugins" / folder.name)
            # A program on PATH wins over an installed plugin.
            (launchers / f"pulumi-resource-{name}").unlink(missing_ok=True)
    stand_ins.write_launchers(launchers, tuple(name for name, folder in chosen.items() if folder is None))
    return {name: f"real ({folder})" if folder else "stand-in" for name, folder in chosen.items()}


def _real(name: str) -> Path | None:
    """Find the plugin of exactly the SDK's version where `pulumi plugin install` puts it."""
    user_home = Path(os.environ.get("PULUMI_HOME") or Path.home() / ".pulumi")
    folder = user_home / "plugins" / f"resource-{name}-v{version(f'pulumi_{name}')}"
    return folder if (folder / f"pulumi-resource-{name}").exists() else None


def _link(folder: Path, link: Path) -> None:
    link.parent.mkdir(parents=True, exist_ok=True)
    if not link.exists():
        link.symlink_to(folder)
