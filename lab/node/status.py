"""The states of the daemons: the supervisor writes them, commands read them."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

State = Literal["waiting", "running", "restarting", "failed", "stopped"]


@dataclass(frozen=True, kw_only=True)
class DaemonStatus:
    """One daemon: its state, since when (seconds since the epoch), its log, and why it is not running."""

    name: str
    state: State
    since: float
    log: Path
    detail: str = ""


def write(file: Path, daemons: list[DaemonStatus]) -> None:
    """Replace the status file atomically, because others read it at any time."""
    partial = file.with_suffix(".partial")
    partial.write_text(json.dumps([vars(daemon) for daemon in daemons], indent=1, default=str), encoding="utf-8")
    partial.replace(file)


def read(file: Path) -> list[DaemonStatus]:
    """Return the states last written; none when there is no readable file."""
    try:
        entries = json.loads(file.read_text(encoding="utf-8"))
        return [DaemonStatus(**{**entry, "log": Path(entry["log"])}) for entry in entries]
    except (OSError, ValueError, TypeError, KeyError):
        return []


def last_lines(log: Path, count: int = 5) -> str:
    """Return the last lines of a log; empty when there is none."""
    try:
        with log.open("rb") as file:
            # Far more than `count` lines, and little enough for a log of gigabytes.
            file.seek(max(0, log.stat().st_size - 16_384))
            return "\n".join(file.read().decode(errors="replace").splitlines()[-count:])
    except OSError:
        return ""
