"""Build what is missing in the background, while its caller goes on with what is there.

Tools are compiled in the order in which they are needed, one at a time; only one whose packages wait for
each other, and so leave a processor idle, is compiled beside those after it. As long as two are, each compiles
one package at a time: a machine of 4 GB bears two compilers, and comes to a standstill with four.
"""

import contextlib
import shutil
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Self

from lab import build
from lab.build_lock import BuildLock
from lab.catalogue import TOOLS, Tool
from lab.errors import LabError
from lab.golang import DownloadError, GoCommands, find_go
from lab.installed import in_place_of_a_build, installed
from lab.paths import cache_dir
from lab.progress import Progress, Step

_DOWNLOAD_TRIES = 3
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
        self._beside = ThreadPoolExecutor(1, "build-beside")
        self._tell_of_installed()
        if self._missing:
            self._commands = GoCommands(find_go())
            self._lock = BuildLock(build.bin_folder() / "build.lock", self._commands.stopped)
        for tool in self._missing:
            packages = self._downloader.submit(self._download, tool)
            lane = self._beside if tool.leaves_a_core_idle else self._builder
            self._builds[tool.name] = lane.submit(self._build, tool, packages, dict(self._builds))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End what still runs and wait until it has ended."""
        if self._missing:
            self._commands.stop()
        for lane in (self._downloader, self._builder, self._beside):
            lane.shutdown(cancel_futures=True)

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

    def _build(self, tool: Tool, packages: Future[int], before: Mapping[str, Future[Path]]) -> Path:
        """Build one tool; what stands before it comes first, for it compiles packages that this one needs too."""
        if tool.leaves_a_core_idle:
            for other in before.values():
                # `concurrent.futures.wait` would never learn that one was cancelled before it began.
                with contextlib.suppress(LabError, CancelledError):
                    other.result()
        count, shared = packages.result(), self._shares_the_machine(tool, before)
        with self._progress.step(_step_name(tool)) as step, self._lock.held(_waiting(step), _clear_leftovers):
            # Another process may have built it while this one waited.
            found = self._find(tool.name)
            return found or build.build(tool, self._commands, step, count, one_at_a_time=shared)

    def _shares_the_machine(self, tool: Tool, before: Mapping[str, Future[Path]]) -> bool:
        """Say whether another tool is built beside this one."""
        if tool.leaves_a_core_idle:
            return tool != self._missing[-1]
        return any(TOOLS[name].leaves_a_core_idle and not other.done() for name, other in before.items())


def build_all(names: Sequence[str], progress: Progress) -> None:
    """Build the missing ones of these tools. Raises the LabError of the first build that fails."""
    with BuildQueue(progress, names) as queue:
        for name in names:
            queue.wait(name)


def _waiting(step: Step) -> Callable[[], None]:
    return lambda: step.update("waiting: another process is building")


def _clear_leftovers() -> None:
    """Delete what killed builds left: whoever begins a turn is the only one who builds."""
    for leftover in (*build.bin_folder().glob(".partial-*"), *(cache_dir() / "go" / "tmp").glob("*")):
        shutil.rmtree(leftover, ignore_errors=True)


def _step_name(tool: Tool) -> str:
    return f"build {tool.name}"
