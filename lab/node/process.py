"""Start and end the supervisor, the one process that a node is."""

import contextlib
import os
import select
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from lab.errors import LabError
from lab.node import link
from lab.node.binaries import SYSTEM_PATH
from lab.node.checks import UNSHARE
from lab.node.layout import NodeFolder
from lab.node.record import Record
from lab.node.status import last_lines
from settings.project import REPO

# `unshare` forks within milliseconds; a machine that is this slow is stuck.
_FORK_SECONDS = 10.0
_POLL_SECONDS = 0.01
# The supervisor itself waits 8 s for Pods and daemons.
_END_SECONDS = 20.0


def launch(folder: NodeFolder) -> Record:
    """Start the supervisor in new namespaces, record it and join it to the machine's network."""
    with _uninterrupted():
        pid = _child(_spawn_unshare(folder), folder)
        record = Record.write(pid, folder.root)
        try:
            link.join(pid)
        except LabError:
            end(record)
            raise
    return record


def end(record: Record) -> None:
    """Tell the supervisor to end and wait for it; one that does not is killed, with all its node."""
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
    # Only when this very process launched it; else it is not our child.
    with contextlib.suppress(ChildProcessError):
        os.waitpid(unshare, 0)
    link.leave()
    Record.delete()


def _spawn_unshare(folder: NodeFolder) -> int:
    log = folder.log("supervisor")
    log.parent.mkdir(parents=True, exist_ok=True)
    command = [*UNSHARE, sys.executable, "-m", "lab.node.supervisor", str(folder.root)]
    actions = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, str(log), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644),
        (os.POSIX_SPAWN_DUP2, 1, 2),
    ]
    environment = {"PATH": SYSTEM_PATH, "HOME": "/root", "PYTHONPATH": str(REPO)}
    # A session of its own: Ctrl-C in the terminal must not reach a node that is starting.
    return os.posix_spawnp(command[0], command, environment, file_actions=actions, setsid=True, setsigmask=[])


def _child(unshare: int, folder: NodeFolder) -> int:
    """Return the process id of the supervisor, the only child of `unshare`."""
    children = Path(f"/proc/{unshare}/task/{unshare}/children")
    deadline = time.monotonic() + _FORK_SECONDS
    while time.monotonic() < deadline and os.waitpid(unshare, os.WNOHANG) == (0, 0):
        if pids := children.read_text(encoding="utf-8").split():
            return int(pids[0])
        time.sleep(_POLL_SECONDS)
    raise LabError(
        f"The node's supervisor did not start: {last_lines(folder.log('supervisor'))}",
        "The lab needs root with CAP_SYS_ADMIN and util-linux's unshare.",
    )


@contextlib.contextmanager
def _uninterrupted() -> Iterator[None]:
    """Hold Ctrl-C back, so that no supervisor runs unrecorded."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
