"""The processes of a node: start and end its supervisor, start a daemon, find those of its Pods."""

import contextlib
import os
import select
import signal
import sys
import time
from pathlib import Path

from lab.errors import LabError
from lab.node import link
from lab.node.binaries import SYSTEM_PATH
from lab.node.checks import UNSHARE
from lab.node.layout import PAUSE_COMMAND, PODS_CGROUP, NodeFolder
from lab.node.record import Record
from lab.node.status import last_lines
from settings.project import REPO

# `unshare` forks within milliseconds; a machine that is this slow is stuck.
_FORK_SECONDS = 10.0
_POLL_SECONDS = 0.01
# The supervisor itself waits 8 s for Pods and daemons.
_END_SECONDS = 20.0


def launch(folder: NodeFolder) -> Record:
    """Start the supervisor in new namespaces, record it and connect it to the machine's network."""
    log = folder.log("supervisor")
    log.parent.mkdir(parents=True, exist_ok=True)
    log.unlink(missing_ok=True)
    # No Ctrl-C in between, or a supervisor would run unrecorded.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        unshare = spawn([*UNSHARE, sys.executable, "-m", "lab.node.supervisor", str(folder.root)], log)
        record = Record.write(_child(unshare, log), folder.root)
        try:
            link.join(record.pid)
        except LabError:
            end(record)
            raise
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    return record


def spawn(command: list[str], log: Path) -> int:
    """Start a program in a session of its own that appends both outputs to `log`; return its process id.

    In a session of its own, Ctrl-C in the terminal reaches neither a starting node nor its daemons.
    """
    environment = {"PATH": SYSTEM_PATH, "HOME": "/root", "PYTHONPATH": str(REPO)}
    actions = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, str(log), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644),
        (os.POSIX_SPAWN_DUP2, 1, 2),
    ]
    return os.posix_spawnp(
        command[0],
        command,
        environment,
        file_actions=actions,
        setsid=True,
        # The supervisor blocks these, and its daemons inherit that.
        setsigmask=[],
        setsigdef=[signal.SIGCHLD, signal.SIGTERM],
    )


def end(record: Record) -> None:
    """Terminate the supervisor and wait for its exit; kill it, and so the whole node, when it does not exit."""
    unshare = record.parent()
    with contextlib.suppress(ProcessLookupError):
        handle = os.pidfd_open(record.pid)
        try:
            signal.pidfd_send_signal(handle, signal.SIGTERM)
            if not select.select([handle], [], [], _END_SECONDS)[0]:
                signal.pidfd_send_signal(handle, signal.SIGKILL)
                select.select([handle], [], [], _END_SECONDS)
        finally:
            os.close(handle)
    # It is our child only if this very process launched it.
    with contextlib.suppress(ChildProcessError):
        os.waitpid(unshare, 0)
    link.leave()
    Record.delete()


def _child(unshare: int, log: Path) -> int:
    """Return the process id of the supervisor, the only child of `unshare`."""
    children = Path(f"/proc/{unshare}/task/{unshare}/children")
    deadline = time.monotonic() + _FORK_SECONDS
    while time.monotonic() < deadline and os.waitpid(unshare, os.WNOHANG) == (0, 0):
        if pids := children.read_text(encoding="utf-8").split():
            return int(pids[0])
        time.sleep(_POLL_SECONDS)
    raise LabError(
        f"The node's supervisor did not start: {last_lines(log)}",
        "The lab needs root with CAP_SYS_ADMIN and util-linux's unshare.",
    )


def pod_processes(proc: Path = Path("/proc")) -> list[int]:
    """Return the ids of the first processes of all containers, except pause containers, which ignore SIGTERM."""
    found = []
    for process in proc.glob("[0-9]*"):
        # It may exit meanwhile.
        with contextlib.suppress(OSError):
            in_pod = f"/{PODS_CGROUP}/" in (process / "cgroup").read_text(encoding="utf-8")
            if in_pod and _is_first(process) and not _is_pause(process):
                found.append(int(process.name))
    return sorted(found)


def _is_first(process: Path) -> bool:
    """Return whether a process is number 1 in the innermost of its PID namespaces."""
    lines = (process / "status").read_text(encoding="utf-8").splitlines()
    return any(line.startswith("NSpid:") and line.split()[-1] == "1" for line in lines)


def _is_pause(process: Path) -> bool:
    return (process / "cmdline").read_bytes().decode(errors="replace").rstrip("\0") == "\0".join(PAUSE_COMMAND)
