"""Build what is missing in the background, one tool at a time, while its caller goes on with what is there.

One at a time, because two bring a machine of 4 GB to a standstill, and with one compiler each they gain nothing.
"""

import contextlib
import fcntl
import shutil
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import IO, Self

from lab.paths import cache_dir
from lab.progress import Progress, Step
from lab.toolchain import build
from lab.toolchain.catalogue import TOOLS, Tool
from lab.toolchain.golang import DownloadError, GoCommands, find_go, stopped
from lab.toolchain.installed import in_place_of_a_build, installed

_DOWNLOAD_TRIES = 3
_LOCK_POLL_SECONDS = 1.0
_NONE: Mapping[str, str] = MappingProxyType({})


class BuildQueue:
    """Builds the missing ones of `names` in the background, in order.

    Meanwhile the modules of the later ones are downloaded. Leaving the `with` block
    ends what still runs, go's processes included.
    """

    def __init__(self, progress: Progress, names: Sequence[str], unfit: Mapping[str, str] = _NONE) -> None:
        """List what is missing as coming steps; nothing runs before the `with` block.

        `unfit` says, by the tool's name, why an installed one is of no use here: it is built all the same.
        """
        self._progress = progress
        self._unfit = unfit
        self._found = {name: found for name in names if (found := self._find(name))}
        self._missing = [TOOLS[name] for name in names if name not in self._found]
        self._builds: dict[str, Future[Path]] = {}
        progress.plan(*(_step_name(tool) for tool in self._missing))

    def __enter__(self) -> Self:
        """Start.

        Raises LabError when something is missing and there is no Go to build it with, or no place to write it.
        """
        if self._missing:
            build.check_writable()
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

    def wait(self, name: str) -> Path:
        """Return the tool's first program as soon as it is there. Raises the LabError of its build."""
        return self._found[name] if name in self._found else self._builds[name].result()

    def _find(self, name: str) -> Path | None:
        return build.built(name) if name in self._unfit else build.find(name)

    def _tell_of_installed(self) -> None:
        """Say what is the machine's own, and why what is there too does not spare a build."""
        for name in [*self._found, *(tool.name for tool in self._missing)]:
            own = installed(TOOLS[name])
            if own and (reason := own.passed_over or self._unfit.get(name)):
                self._progress.note(f"Installed on this machine, but not used: {name} {own}, because {reason}")
            elif in_place_of_a_build(TOOLS[name]):
                self._progress.note(f"Installed on this machine: {name} {own}")

    def _download(self, tool: Tool) -> int:
        with self._progress.step(f"download {tool.name}") as step:
            for _ in range(_DOWNLOAD_TRIES - 1):
                with contextlib.suppress(DownloadError):
                    return build.download(tool, self._commands, step)
            return build.download(tool, self._commands, step)

    def _build(self, tool: Tool, packages: Future[int]) -> Path:
        count = packages.result()
        with self._progress.step(_step_name(tool)) as step, _alone(self._commands, step):
            # Another process may have built it while this one waited.
            return self._find(tool.name) or build.build(tool, self._commands, step, count)


def build_all(names: Sequence[str], progress: Progress) -> None:
    """Build the missing ones of these tools. Raises the LabError of the first build that fails."""
    with BuildQueue(progress, names) as queue:
        for name in names:
            queue.wait(name)


@contextlib.contextmanager
def _alone(commands: GoCommands, step: Step) -> Iterator[None]:
    """Hold the lock that lets one process build at a time."""
    with (build.bin_folder() / "build.lock").open("w", encoding="utf-8") as lock:
        while not _try_lock(lock):
            step.update("waiting: another process is building")
            if commands.stopped.wait(_LOCK_POLL_SECONDS):
                raise stopped()
        # Whoever holds the lock is the only one who builds, so these are of killed builds.
        for leftover in (*build.bin_folder().glob(".partial-*"), *(cache_dir() / "go" / "tmp").glob("*")):
            shutil.rmtree(leftover, ignore_errors=True)
        yield


def _try_lock(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _step_name(tool: Tool) -> str:
    return f"build {tool.name}"
