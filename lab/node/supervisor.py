"""Process 1 of the node's namespaces: starts the daemons, restarts them, reaps orphans, ends them in order.

Run as `python -m lab.node.supervisor NODE-FOLDER` by `unshare`. It ends on
SIGTERM; when it ends for any reason, the kernel kills everything in the
namespaces.
"""

import contextlib
import os
import signal
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from lab.errors import LabError
from lab.node import namespace
from lab.node.binaries import SYSTEM_PATH, load
from lab.node.daemons import Daemon, daemons_of
from lab.node.layout import NodeFolder
from lab.node.pods import pod_processes
from lab.node.status import DaemonStatus, State, last_lines, write
from settings.project import REPO

# A daemon that ends this often in a row is not helped by another start: 1 + 2 + 4 + 8 s of waiting.
_MAX_ENDS = 5
_FIRST_PAUSE_SECONDS = 1.0
# After this many seconds of running, earlier ends are forgotten.
_STEADY_SECONDS = 60.0
# How often gates and back-offs are looked at; a node whose daemons all run waits for a signal instead.
_TICK_SECONDS = 0.1
_QUIET_SECONDS = 60.0
# Pods get this long to write what they hold, then etcd and containerd get this long to close their files.
_PODS_SECONDS = 5.0
_DAEMONS_SECONDS = 3.0
# A log larger than this starts anew with the next start of its daemon; one older is kept.
_LOG_BYTES = 50_000_000
_SIGNALS = (signal.SIGCHLD, signal.SIGTERM)


@dataclass
class _Running:
    """One daemon's life: process id (0 when it has none), ends in a row, and when it may start again."""

    daemon: Daemon
    log: Path
    state: State = "waiting"
    detail: str = ""
    since: float = 0.0
    pid: int = 0
    ends: int = 0
    next_start: float = 0.0

    def become(self, state: State, detail: str = "") -> None:
        self.state, self.detail, self.since = state, detail, time.time()


class Supervisor:
    """Keeps the daemons of one node running until SIGTERM."""

    def __init__(
        self,
        folder: NodeFolder,
        daemons: Iterable[Daemon],
        pods: Callable[[], list[int]],
        first_pause: float = _FIRST_PAUSE_SECONDS,
    ) -> None:
        """Take the daemons in the order of their start; nothing is started yet.

        `pods` lists the processes that are asked to end before the daemons;
        `first_pause` (seconds) is waited after a daemon's first end in a row,
        and twice as long after each further one.
        """
        self._folder = folder
        self._pods = pods
        self._first_pause = first_pause
        self._daemons = [_Running(daemon, folder.log(daemon.name)) for daemon in daemons]
        self._written: list[DaemonStatus] = []

    def run(self) -> None:
        """Start and keep the daemons, and end them when told to."""
        signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
        self._folder.logs.mkdir(exist_ok=True)
        told_to_end = False
        while not told_to_end:
            for running in self._daemons:
                self._start_if_due(running)
            self._report()
            settled = all(r.pid or r.state == "failed" for r in self._daemons)
            told_to_end = self._wait(_QUIET_SECONDS if settled else _TICK_SECONDS) == signal.SIGTERM
        self._end()

    def _start_if_due(self, running: _Running) -> None:
        if running.pid or running.state == "failed" or time.monotonic() < running.next_start:
            return
        if running.daemon.gate():
            running.pid = _spawn(running.daemon.command, running.log)
            running.become("running")

    def _wait(self, tick: float = _TICK_SECONDS) -> int:
        """Wait for a signal or a tick, then reap; return the signal's number, 0 for a tick."""
        received = signal.sigtimedwait(_SIGNALS, tick)
        for pid, code in _reap():
            for running in self._daemons:
                if running.pid == pid:
                    self._ended(running, code)
        return received.si_signo if received else 0

    def _ended(self, running: _Running, code: int) -> None:
        now = time.monotonic()
        steady = time.time() - running.since > _STEADY_SECONDS
        running.pid, running.ends = 0, 1 if steady else running.ends + 1
        running.next_start = now + self._first_pause * 2 ** (running.ends - 1)
        state: State = "failed" if running.ends >= _MAX_ENDS else "restarting"
        running.become(state, f"ended with {code}; its last lines:\n{last_lines(running.log)}")

    def _report(self) -> None:
        now = [
            DaemonStatus(name=r.daemon.name, state=r.state, since=r.since, log=r.log, detail=r.detail)
            for r in self._daemons
        ]
        if now != self._written:
            write(self._folder.status, now)
            self._written = now

    def _end(self) -> None:
        """Let Pods, then the daemons that hold data, finish; whatever is left dies with this process."""
        self._signal("kubelet", signal.SIGKILL)
        pods = self._pods()
        for pid in pods:
            _kill(pid, signal.SIGTERM)
        self._wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in pods), _PODS_SECONDS)
        holding = ("etcd", "containerd")
        for name in holding:
            self._signal(name, signal.SIGTERM)
        self._wait_until(lambda: not any(self._pid(name) for name in holding), _DAEMONS_SECONDS)
        for running in self._daemons:
            running.become("stopped")
        self._report()

    def _wait_until(self, done: Callable[[], bool], seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while not done() and time.monotonic() < deadline:
            self._wait()

    def _pid(self, name: str) -> int:
        return next((r.pid for r in self._daemons if r.daemon.name == name), 0)

    def _signal(self, name: str, number: signal.Signals) -> None:
        if pid := self._pid(name):
            _kill(pid, number)


def _spawn(command: list[str], log: Path) -> int:
    """Start a program in a session of its own with both outputs in `log`; return its process id."""
    if log.exists() and log.stat().st_size > _LOG_BYTES:
        log.replace(log.with_suffix(".old.log"))
    environment = {"PATH": SYSTEM_PATH, "HOME": "/root", "PYTHONPATH": str(REPO)}
    actions = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, str(log), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644),
        (os.POSIX_SPAWN_DUP2, 1, 2),
    ]
    return os.posix_spawn(
        command[0], command, environment, file_actions=actions, setsid=True, setsigmask=[], setsigdef=_SIGNALS
    )


def _reap() -> list[tuple[int, int]]:
    """Collect every ended child, daemons and orphans alike, with its exit code (negative: a signal)."""
    ended = []
    with contextlib.suppress(ChildProcessError):
        while True:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                break
            ended.append((pid, os.waitstatus_to_exitcode(status)))
    return ended


def _kill(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def main() -> int:
    """Set the namespaces up and supervise; a person's error goes to the log that `Node.start` reads."""
    folder = NodeFolder(Path(sys.argv[1]))
    try:
        namespace.prepare(folder)
    except (LabError, OSError) as error:
        print(error, flush=True)
        return 1
    Supervisor(folder, daemons_of(folder, load(folder.binaries)), pod_processes).run()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
