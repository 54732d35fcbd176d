"""Get the lab's tools: the machine's own where they do, else built once and kept in the cache.

A tool lives in `<cache>/bin/<name>-<version>-<hash of its recipe>/`, so a changed
recipe builds anew. Nothing half-built is ever found: a build happens in a scratch
folder that is renamed at the end, and one lock lets one process build at a time.
"""

import contextlib
import fcntl
import functools
import hashlib
import re
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from lab.catalogue import HOT_PACKAGES, MODULES, TOOLS, Files, Program, Tool
from lab.golang import DownloadError, GoCommands, find_go, stopped
from lab.installed import in_place_of_a_build, installed
from lab.paths import cache_dir, explained, made_folder, own_cache
from lab.progress import Progress, Step

# No symbol tables: binaries are a third smaller and linked sooner.
_LINK_FLAGS = "-s -w"
# No debugging information either: it is an eighth of the compiler's work. The flags
# are the same for every tool, or nothing compiled for one would serve the next.
_COMPILE_FLAGS = (
    "-gcflags=all=-dwarf=false -l",
    *(f"-gcflags={pattern}=-dwarf=false" for pattern in HOT_PACKAGES),
)
# Modules are many and small, so that latency rules: fetch this many at once.
_DOWNLOADS = 16
_DOWNLOAD_TRIES = 3
_LOCK_POLL_SECONDS = 1.0
_DOWNLOAD_LINE = re.compile(r"go: downloading (\S+)")


def find(name: str) -> Path | None:
    """Return the tool's first program: the machine's own if it is accepted, else the built one, else None."""
    own = in_place_of_a_build(TOOLS[name])
    return own.program if own else built(name)


def built(name: str) -> Path | None:
    """Return the tool's first program as it was built, or None."""
    tool = TOOLS[name]
    program = own_cache().path / "bin" / _folder_name(tool) / tool.programs[0].binary
    return program if program.is_file() else None


def described(name: str) -> str:
    """Say which program `find` means: `tempo 2.10.8 (/usr/local/bin/tempo)`, `otelcol 0.159.0 (built)`."""
    own = in_place_of_a_build(TOOLS[name])
    return f"{name} {own}" if own else f"{name} {TOOLS[name].version} (built)"


def ensure(name: str, progress: Progress) -> Path:
    """Return the tool's first program, building it if it is missing.

    Raises LabError with the cause and the fix; a rerun goes on where this one ended.
    """
    with BuildQueue(progress, (name,)) as queue:
        return queue.wait(name)


class BuildQueue:
    """Builds the missing ones of `names` in the background, in order, one at a time.

    Meanwhile the modules of the later ones are downloaded. Leaving the `with` block
    ends what still runs, go's processes included.
    """

    def __init__(self, progress: Progress, names: Sequence[str]) -> None:
        """List what is missing as coming steps; nothing runs before the `with` block."""
        self._progress = progress
        self._found = {name: found for name in names if (found := find(name))}
        self._missing = [TOOLS[name] for name in names if name not in self._found]
        self._builds: dict[str, Future[Path]] = {}
        progress.plan(*(_step_name(tool) for tool in self._missing))

    def __enter__(self) -> Self:
        """Start.

        Raises LabError when something is missing and there is no Go to build it with, or no place to write it.
        """
        if self._missing:
            _check_writable()
        self._downloader = ThreadPoolExecutor(1, "download")
        self._builder = ThreadPoolExecutor(1, "build")
        self._tell_of_installed()
        if self._missing:
            self._commands = GoCommands(find_go())
        for tool in self._missing:
            packages = self._downloader.submit(self._download, tool)
            self._builds[tool.name] = self._builder.submit(self._build, tool, packages)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End what still runs and wait until it has ended."""
        if self._missing:
            self._commands.stop()
        self._downloader.shutdown(cancel_futures=True)
        self._builder.shutdown(cancel_futures=True)

    def _tell_of_installed(self) -> None:
        """Say what is the machine's own, and why what is there too does not spare a build."""
        for name in self._found:
            if in_place_of_a_build(TOOLS[name]):
                self._progress.note(f"Installed on this machine: {described(name)}")
        for tool in self._missing:
            if (own := installed(tool)) and own.passed_over:
                said = f"Installed on this machine, but not used: {tool.name} {own}, because {own.passed_over}"
                self._progress.note(said)

    def wait(self, name: str) -> Path:
        """Return the tool's first program as soon as it is there. Raises the LabError of its build."""
        return self._found[name] if name in self._found else self._builds[name].result()

    def _download(self, tool: Tool) -> int:
        with self._progress.step(f"download {tool.name}") as step:
            for _ in range(_DOWNLOAD_TRIES - 1):
                with contextlib.suppress(DownloadError):
                    return _download(tool, self._commands, step)
            return _download(tool, self._commands, step)

    def _build(self, tool: Tool, packages: Future[int]) -> Path:
        count = packages.result()
        with self._progress.step(_step_name(tool)) as step, _alone(self._commands, step):
            # Another process may have built it while this one waited.
            return find(tool.name) or _build(tool, self._commands, _Counter(step, count))


class _Counter:
    """Shows how far `go build` is: it names each package that it compiles, a line each."""

    def __init__(self, step: Step, packages: int) -> None:
        self._step = step
        self._packages = packages
        self._done = 0

    def line(self, line: str) -> None:
        if not line.startswith("go: "):
            self._done += 1
            # What the shared build cache holds is not compiled again, so this is an upper bound.
            self._step.update(f"{self._done} of up to {self._packages} packages")


def _download(tool: Tool, commands: GoCommands, step: Step) -> int:
    """Fetch all that a tool is made of; return how many packages are compiled for it."""
    for files in tool.files:
        commands.run(
            ("mod", "download", "-C", str(MODULES / files.module), files.dependency), _log(tool), step.update
        )
    return sum(_list_packages(program, tool, commands, step) for program in tool.programs)


def _list_packages(program: Program, tool: Tool, commands: GoCommands, step: Step) -> int:
    def show(line: str) -> None:
        if match := _DOWNLOAD_LINE.match(line):
            step.update(match[1])

    arguments = ("list", "-C", str(MODULES / program.module), "-deps", program.package)
    lines = commands.run(arguments, _log(tool), show, parallel=_DOWNLOADS)
    return sum(not line.startswith("go: ") for line in lines)


def _build(tool: Tool, commands: GoCommands, counter: _Counter) -> Path:
    folder = _folder(tool)
    with _scratch(folder) as scratch:
        for program in tool.programs:
            commands.run(_build_arguments(program, scratch), _log(tool), counter.line)
        for files in tool.files:
            _copy_files(files, tool, commands, scratch)
        scratch.rename(folder)
    return folder / tool.programs[0].binary


def _build_arguments(program: Program, folder: Path) -> tuple[str, ...]:
    flags = f"{_LINK_FLAGS} {program.ldflags}".strip()
    output = str(folder / program.binary)
    module = str(MODULES / program.module)
    return ("build", "-C", module, "-v", *_COMPILE_FLAGS, f"-ldflags={flags}", "-o", output, program.package)


def _copy_files(files: Files, tool: Tool, commands: GoCommands, folder: Path) -> None:
    arguments = ("list", "-C", str(MODULES / files.module), "-m", "-f", "{{.Dir}}", files.dependency)
    source = Path(commands.run(arguments, _log(tool), lambda _: None)[-1])
    for file in files.files:
        target = Path(shutil.copy(source / file, folder))
        # Modules are kept without modes; a script says in its first bytes that it is one.
        target.chmod(0o755 if target.read_bytes().startswith(b"#!") else 0o644)


@contextlib.contextmanager
def _scratch(folder: Path) -> Iterator[Path]:
    """Give a new folder beside `folder` to be renamed to it; whatever remains of it at the end is removed."""
    try:
        scratch = Path(tempfile.mkdtemp(prefix=".partial-", dir=folder.parent))
        scratch.chmod(0o755)
        try:
            yield scratch
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
    except OSError as error:
        raise explained(error) from error


@contextlib.contextmanager
def _alone(commands: GoCommands, step: Step) -> Iterator[None]:
    """Hold the lock that lets one process build at a time: two at once would take longer than in turn."""
    with (_bin() / "build.lock").open("w", encoding="utf-8") as lock:
        while not _try_lock(lock):
            step.update("waiting: another process is building")
            if commands.stopped.wait(_LOCK_POLL_SECONDS):
                raise stopped()
        # Whoever holds the lock is the only one who builds, so these are of killed builds.
        for leftover in (*_bin().glob(".partial-*"), *(cache_dir() / "go" / "tmp").glob("*")):
            shutil.rmtree(leftover, ignore_errors=True)
        yield


def _try_lock(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _folder(tool: Tool) -> Path:
    return _bin() / _folder_name(tool)


def _folder_name(tool: Tool) -> str:
    return f"{tool.name}-{tool.version}-{_recipe_hash(tool)}"


@functools.cache
def _recipe_hash(tool: Tool) -> str:
    digest = hashlib.sha256(repr((tool.programs, tool.files, _COMPILE_FLAGS, _LINK_FLAGS)).encode())
    for module in tool.modules:
        folder = MODULES / module
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            digest.update(str(file.relative_to(folder)).encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def _bin() -> Path:
    return made_folder(cache_dir() / "bin")


def _log(tool: Tool) -> Path:
    return made_folder(cache_dir() / "logs") / f"build-{tool.name}.log"


def _check_writable() -> None:
    """Raise LabError when nothing can be written into the cache: before minutes of downloads, not after."""
    try:
        with tempfile.TemporaryFile(dir=_bin()) as file:
            file.write(b"x")
    except OSError as error:
        raise explained(error) from error


def _step_name(tool: Tool) -> str:
    return f"build {tool.name}"
