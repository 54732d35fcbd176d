"""The record of the lab that runs on this machine, at most one, in a place that every user and checkout reads."""

import contextlib
import datetime as dt
import fcntl
import json
import os
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from cli.command import user_name
from lab.errors import LabError

# A reboot empties /run, and so deletes the record.
MACHINE_FOLDER = Path("/run/fawkes-tracing")
# Fields of /proc/PID/stat after the command's closing parenthesis, counted from 0.
_STATE, _PARENT, _START_TIME = 0, 1, 19


@dataclass(frozen=True, kw_only=True)
class Record:
    """The running lab: its supervisor's process id and start time (clock ticks since boot), and whose it is."""

    pid: int
    pid_started: int
    folder: Path
    user: str
    since: str

    @classmethod
    def read(cls, machine_folder: Path = MACHINE_FOLDER) -> Self | None:
        """Return the record of a lab whose supervisor is alive, else None."""
        try:
            fields = json.loads((machine_folder / "node.json").read_text(encoding="utf-8"))
            record = cls(**{**fields, "folder": Path(fields["folder"]).resolve()})
        except (OSError, RuntimeError, ValueError, TypeError, KeyError):
            return None
        return record if _started(record.pid) == record.pid_started else None

    @classmethod
    def of(cls, folder: Path, machine_folder: Path = MACHINE_FOLDER) -> Self | None:
        """Return the record of the lab in `folder`, None when none runs; LabError when another one does."""
        record = cls.read(machine_folder)
        if record and record.folder != folder:
            raise record.elsewhere("there can be one at a time")
        return record

    def elsewhere(self, follows: str, way_out: str = "End it", target: str = "down") -> LabError:
        """Return the error of a command that is for another lab.

        `follows` states the consequence for that command, and `way_out` what `make TARGET` does with this lab.
        """
        state = shlex.quote(str(self.folder.parent))
        # While this is set, `make` acts on that cluster instead.
        apart = "FAWKES_KUBECONFIG= " if os.environ.get("FAWKES_KUBECONFIG") else ""
        return LabError(
            f"A lab in {self.folder} runs on this machine, started by {self.user} at {self.since}; {follows}.",
            f"{way_out}: {apart}FAWKES_STATE_DIR={state} make {target}",
        )

    @classmethod
    def write(cls, pid: int, folder: Path, machine_folder: Path = MACHINE_FOLDER) -> Self:
        """Record the supervisor `pid` as the machine's lab."""
        now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        # The node needs root, so only `sudo` knows the user.
        user = os.environ.get("SUDO_USER") or user_name(os.geteuid())
        record = cls(pid=pid, pid_started=_started(pid), folder=folder, user=user, since=now)
        partial = machine_folder / "node.json.partial"
        partial.write_text(json.dumps(vars(record), default=str), encoding="utf-8")
        # Other users read it, whatever umask this one has.
        partial.chmod(0o644)
        machine_folder.chmod(0o755)
        partial.replace(machine_folder / "node.json")
        return record

    @staticmethod
    def delete(machine_folder: Path = MACHINE_FOLDER) -> None:
        """Delete the record, if there is one."""
        (machine_folder / "node.json").unlink(missing_ok=True)

    def parent(self) -> int:
        """Return the process id of the supervisor's parent, `unshare`; 0 when the supervisor has exited."""
        return int(_stat(self.pid)[_PARENT])


@contextlib.contextmanager
def machine_lock(machine_folder: Path = MACHINE_FOLDER) -> Iterator[None]:
    """Keep other commands from starting or stopping the lab; LabError when one is doing that."""
    machine_folder.mkdir(parents=True, exist_ok=True)
    with (machine_folder / "lock").open("w", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LabError(
                "Another command is starting or stopping the lab on this machine.",
                "Wait until it has finished, then run this one again.",
            ) from None
        yield


def _started(pid: int) -> int:
    """Return a process's start time in clock ticks since boot; 0 when it has exited."""
    fields = _stat(pid)
    return 0 if fields[_STATE] == "Z" else int(fields[_START_TIME])


def _stat(pid: int) -> list[str]:
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ["Z"] + ["0"] * _START_TIME
    # The command is in parentheses, and may contain spaces and parentheses.
    return text.rpartition(")")[2].split()
