"""Run go commands with a reproducible environment, and explain their failures."""

import contextlib
import os
import re
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cli.failures import DISK_FULL, NOT_WRITABLE, first_line, last_line
from lab.errors import LabError
from lab.paths import cache_dir, made_folder
from lab.toolchain.golang import OTHER_CACHES

# Four times what compiling all of Kubernetes took on two busy processors. The go command itself has no timeout for
# a server that stops in the middle of a module.
_COMMAND_SECONDS = 2400.0
_DOWNLOAD_TROUBLE = re.compile(
    r"dial tcp|no such host|i/o timeout|connection (refused|reset)|TLS handshake|proxyconnect"
    r"|unexpected EOF|module lookup disabled|reading https?://|\b(403 Forbidden|50\d [A-Z])"
)


class DownloadError(LabError):
    """A module server could not be reached or answered with an error; a retry may help."""


@dataclass
class GoCommands:
    """Runs go commands, each in a process group of its own; `stop` ends all of them, from any thread."""

    go: Path
    _running: set[subprocess.Popen[str]] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _stopped: bool = False

    def run(
        self, arguments: Sequence[str], log: Path, on_line: Callable[[str], None], *, parallel: int | None = None
    ) -> list[str]:
        """Return the lines that `go ARGUMENTS` printed, after passing each to `on_line` and appending it to `log`.

        `parallel` is the number of concurrent downloads. Raises LabError naming `log` when go fails.
        """
        lines: list[str] = []
        started = time.monotonic()
        with self._started(arguments, parallel) as process, log.open("a", encoding="utf-8") as out:
            out.write(f"$ go {' '.join(arguments)}\n")
            for line in process.stdout or ():
                out.write(line)
                lines.append(line.rstrip("\n"))
                on_line(lines[-1])
        self.check_wanted()
        if process.returncode == 0:
            return lines
        if time.monotonic() - started >= _COMMAND_SECONDS:
            raise LabError(
                f"`go {arguments[0]}` took longer than {_COMMAND_SECONDS:.0f} s and was stopped (log: {log}).",
                "Check the network and the load of this machine, then run this again; it resumes.",
            )
        raise explain(lines, log)

    def stop(self) -> None:
        """Stop every running command and refuse new ones."""
        with self._lock:
            self._stopped = True
            for process in self._running:
                _stop_group(process)

    def check_wanted(self) -> None:
        """Raise LabError after `stop`."""
        if self._stopped:
            raise LabError("The build was stopped.", "Run the command again; it resumes.")

    @contextlib.contextmanager
    def _started(self, arguments: Sequence[str], parallel: int | None) -> Iterator[subprocess.Popen[str]]:
        with self._lock:
            self.check_wanted()
            process = subprocess.Popen(
                # Whatever runs meanwhile, the node or tests, has time limits; a build has none.
                ["nice", self.go, *arguments],
                env=environment(parallel),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                encoding="utf-8",
                errors="replace",
                start_new_session=True,
            )
            self._running.add(process)
        timer = threading.Timer(_COMMAND_SECONDS, _stop_group, [process])
        timer.daemon = True
        timer.start()
        try:
            with process:
                try:
                    yield process
                except BaseException:
                    _stop_group(process)
                    raise
        finally:
            timer.cancel()
            with self._lock:
                self._running.discard(process)


def _stop_group(process: subprocess.Popen[str]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)


def environment(parallel: int | None = None) -> dict[str, str]:
    """Return the environment of every go command: reproducible, static, and confined to the lab's cache.

    GOCACHE, GOMODCACHE and GOPROXY are the machine's when they are set, so that CI can keep or mirror them.
    """
    cache = cache_dir() / "go"
    defaults = {"GOCACHE": str(cache / "build"), "GOMODCACHE": str(cache / "mod")}
    fixed = {
        "CGO_ENABLED": "0",
        "GOFLAGS": "-mod=readonly -modcacherw -trimpath -buildvcs=false",
        # A compiler runs for a second, so collecting its garbage would waste a tenth of the build. The few big
        # ones begin to collect at the memory limit: two of them fit in 4 GB.
        "GOGC": "off",
        "GOMEMLIMIT": "1500MiB",
        "GOTOOLCHAIN": "local",
        # Linking kube needs a gigabyte: too much for a /tmp in memory.
        "GOTMPDIR": str(made_folder(cache / "tmp")),
        "GOWORK": "off",
        **dict.fromkeys(("GOROOT", "GOOS", "GOARCH"), ""),
    }
    # The go command downloads as many modules at once as it has processors.
    processors = {"GOMAXPROCS": str(parallel)} if parallel else {}
    return {**defaults, **os.environ, **fixed, **processors}


def explain(lines: Sequence[str], log: Path) -> LabError:
    """Return the error for a person from the output of a failed go command."""
    # go also prints the packages that it compiles meanwhile, one word a line.
    output = [line for line in lines if " " in line and not line.startswith(("#", "go: downloading"))]
    text, cause = "\n".join(output), output[0].strip() if output else last_line(lines)
    if DISK_FULL.search(text):
        return LabError(
            f"The disk is full (log: {log}).",
            f"Free 10 GB below {cache_dir()} or set FAWKES_CACHE_DIR to a bigger disk, then run this again.",
        )
    if NOT_WRITABLE.search(text):
        return LabError(
            f"A file could not be written: {first_line(NOT_WRITABLE, output)} (log: {log}).",
            f"Correct its owner or mode; {OTHER_CACHES}.",
        )
    if "checksum mismatch" in text or "SECURITY ERROR" in text:
        return LabError(
            f"A downloaded module differs from the one that go.sum pins (log: {log}).",
            f"Delete {environment()['GOMODCACHE']} and run this again; if it persists, distrust GOPROXY's server.",
        )
    if "signal: killed" in text:
        return LabError(
            f"The system killed the compiler, most likely for lack of memory (log: {log}).",
            "Close other programs or add swap (4 GB free are enough), then run this again.",
        )
    if _DOWNLOAD_TROUBLE.search(text):
        return DownloadError(
            f"A Go module could not be downloaded: {cause} (log: {log}).",
            "Check the network, or set GOPROXY to a server you can reach, then run this again; it resumes.",
        )
    return LabError(f"go failed: {cause} (log: {log}).", "Read the log; run this again once it is fixed.")
