"""Process 1 of the node's namespaces: start and restart daemons, reap orphans, stop daemons in order.

`unshare` runs it as `python -m lab.node.supervisor NODE-FOLDER`. It exits on SIGTERM; when it exits for any
reason, the kernel kills everything in the namespaces.
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
from lab.node.binaries import load
from lab.node.daemons import Daemon, daemons_of
from lab.node.layout import NodeFolder
from lab.node.process import pod_processes, spawn
from lab.node.status import DaemonStatus, State, last_lines, write

# After this many exits in a row, with 1 + 2 + 4 + 8 s of waiting between them, a daemon has failed.
_MAX_EXITS = 5
_FIRST_PAUSE_SECONDS = 1.0
# Once a daemon ran for this long, its earlier exits no longer count.
_STEADY_SECONDS = 60.0
# Interval at which gates and back-offs are checked; once all daemons run, only signals matter.
_TICK_SECONDS = 0.1
_QUIET_SECONDS = 60.0
# Time for Pods to write their data, then for etcd and containerd to close their files.
_PODS_SECONDS = 5.0
_DAEMONS_SECONDS = 3.0
# A larger log is rotated at its daemon's next start; one old log is kept.
_LOG_BYTES = 50_000_000
_SIGNALS = (signal.SIGCHLD, signal.SIGTERM)


@dataclass
class _Running:
    """A daemon's state: its process id (0 when it has none), exits in a row, and the time of its next start."""

    daemon: Daemon
    log: Path
    state: State = "waiting"
    detail: str = ""
    since: float = 0.0
    pid: int = 0
    exits: int = 0
    next_start: float = 0.0

    def become(self, state: State, detail: str = "") -> None:
        self.state, self.detail, self.since = state, detail, time.time()


class Supervisor:
    """Keep the daemons of one node running until SIGTERM."""

    def __init__(
        self,
        folder: NodeFolder,
        daemons: Iterable[Daemon],
        pods: Callable[[], list[int]],
        first_pause: float = _FIRST_PAUSE_SECONDS,
    ) -> None:
        """Take the daemons in the order of their start; nothing is started yet.

        `pods` returns the ids of the processes to terminate before the daemons; `first_pause` (seconds) is the
        delay after a daemon's first exit in a row, and doubles with each further one.
        """
        self._folder = folder
        self._pods = pods
        self._first_pause = first_pause
        self._daemons = [_Running(daemon, folder.log(daemon.name)) for daemon in daemons]
        self._written: list[DaemonStatus] = []

    def run(self) -> None:
        """Start the daemons, restart those that exit, and stop all on SIGTERM."""
        signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
        self._folder.logs.mkdir(exist_ok=True)
        terminated = False
        while not terminated:
            for running in self._daemons:
                self._start_if_due(running)
            self._report()
            settled = all(r.pid or r.state == "failed" for r in self._daemons)
            terminated = self._wait(_QUIET_SECONDS if settled else _TICK_SECONDS) == signal.SIGTERM
        self._end()

    def _start_if_due(self, running: _Running) -> None:
        if running.pid or running.state == "failed" or time.monotonic() < running.next_start:
            return
        if running.daemon.gate():
            if running.log.exists() and running.log.stat().st_size > _LOG_BYTES:
                running.log.replace(running.log.with_suffix(".old.log"))
            running.pid = spawn(running.daemon.command, running.log)
            running.become("running")

    def _wait(self, tick: float = _TICK_SECONDS) -> int:
        """Wait for a signal or a tick, then reap; return the signal's number, 0 for a tick."""
        received = signal.sigtimedwait(_SIGNALS, tick)
        for pid, code in _reap():
            for running in self._daemons:
                if running.pid == pid:
                    self._exited(running, code)
        return received.si_signo if received else 0

    def _exited(self, running: _Running, code: int) -> None:
        now = time.monotonic()
        steady = time.time() - running.since > _STEADY_SECONDS
        running.pid, running.exits = 0, 1 if steady else running.exits + 1
        running.next_start = now + self._first_pause * 2 ** (running.exits - 1)
        state: State = "failed" if running.exits >= _MAX_EXITS else "restarting"
        running.become(state, f"exited with {code}; its last lines:\n{last_lines(running.log)}")

    def _report(self) -> None:
        now = [
            DaemonStatus(name=r.daemon.name, state=r.state, since=r.since, log=r.log, detail=r.detail)
            for r in self._daemons
        ]
        if now != self._written:
            write(self._folder.status, now)
            self._written = now

    def _end(self) -> None:
        """Terminate Pods, then the daemons that hold data; the kernel kills the rest with this process."""
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


def _reap() -> list[tuple[int, int]]:
    """Collect every child that exited, daemons and orphans alike, with its exit code (negative: a signal)."""
    exited = []
    with contextlib.suppress(ChildProcessError):
        while True:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                break
            exited.append((pid, os.waitstatus_to_exitcode(status)))
    return exited


def _kill(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def main() -> int:
    """Prepare the namespaces and supervise; an error for the user goes to the log that `Node.start` reads."""
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
