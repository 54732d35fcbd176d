"""Run programs for a test, and stop them."""

import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

_END_SECONDS = 20.0
# A program that nobody asked to end gives up only after some tries.
_OWN_END_SECONDS = 60.0
# Kills a program when this process exits, even if this process is killed.
_BOUND = ("setpriv", "--pdeathsig", "KILL", "--")


@dataclass
class Processes:
    """Running programs by name, each with a log in `folder`."""

    folder: Path
    _running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, name: str, command: Sequence[str | Path], environment: Mapping[str, str]) -> None:
        """Start a program with exactly this environment."""
        with self.log(name).open("ab") as log:
            self._running[name] = subprocess.Popen(
                [*_BOUND, *command],
                cwd=self.folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def id_of(self, name: str) -> int:
        """Return the process id of a program."""
        return self._running[name].pid

    def wait(self, name: str) -> None:
        """Wait until a program ends by itself; fail when it does not in time."""
        self._running[name].wait(_OWN_END_SECONDS)

    def kill(self, name: str) -> None:
        """Kill a program, like a power cut."""
        process = self._running.pop(name)
        process.kill()
        process.wait()

    def kill_all(self) -> None:
        """Kill every program, where an orderly end takes long and shows nothing."""
        for name in list(self._running):
            self.kill(name)

    def stop(self, name: str) -> None:
        """Ask a program to exit, as Kubernetes asks a container; kill it and fail when it does not in time."""
        process = self._running[name]
        process.terminate()
        try:
            process.wait(_END_SECONDS)
        finally:
            # A program that has exited is only forgotten.
            self.kill(name)

    @contextmanager
    def frozen(self, name: str) -> Iterator[None]:
        """Let a program do nothing inside the block; connections to it stay open."""
        process = self._running[name]
        process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            process.send_signal(signal.SIGCONT)

    def log(self, name: str) -> Path:
        """Return the file with the output of a program."""
        return self.folder / f"{name}.log"

    def assert_alive(self) -> None:
        """Fail with the last lines of a program that exited by itself."""
        ended = {name: process.poll() for name, process in self._running.items() if process.poll() is not None}
        assert not ended, {
            name: self.log(name).read_text(errors="replace", encoding="utf-8")[-2000:] for name in ended
        }

    def end(self) -> None:
        """Stop all programs at once; kill those that do not exit in time."""
        for process in self._running.values():
            process.terminate()
        for process in self._running.values():
            try:
                process.wait(_END_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._running.clear()


@contextmanager
def processes(folder: Path) -> Iterator[Processes]:
    """Yield a starter of programs; they have all exited after the block."""
    found = Processes(folder)
    with ExitStack() as stack:
        stack.callback(found.end)
        yield found
