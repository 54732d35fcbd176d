"""Build the missing tools in the background, one at a time, while the caller works with those that are ready.

Two builds at once bring a machine of 4 GB to a standstill, and limited to one compiler each they gain nothing.
"""

import contextlib
import shutil
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Self

from cli.lock import exclusive
from lab.paths import cache_dir, explained
from lab.progress import Progress, Step
from lab.toolchain import build
from lab.toolchain.catalogue import TOOLS
from lab.toolchain.go_commands import DownloadError, GoCommands
from lab.toolchain.golang import find_go
from lab.toolchain.installed import in_place_of_a_build, installed
from lab.toolchain.tools import Tool

_DOWNLOAD_TRIES = 3


class BuildQueue:
    """Builds the missing tools of `names` in the background, in order.

    Meanwhile it downloads the modules of the later ones. Leaving the `with` block stops what still runs, the go
    processes included.
    """

    def __init__(self, progress: Progress, names: Sequence[str], unfit: Mapping[str, str] | None = None) -> None:
        """List the missing tools as coming steps; nothing runs before the `with` block.

        `unfit` maps the names of tools whose installed program does not serve here to the reason; they are built.
        """
        self._progress = progress
        self._unfit = unfit or {}
        self._found = {name: found for name in names if (found := self._find(name))}
        self._missing = [TOOLS[name] for name in names if name not in self._found]
        self._builds: dict[str, Future[Path]] = {}
        progress.plan(*(f"build {tool.name}" for tool in self._missing))

    def __enter__(self) -> Self:
        """Start.

        Raises LabError when a tool is missing and there is no Go to build it or no place to write it.
        """
        if self._missing:
            build.check_writable()
        self._downloader = ThreadPoolExecutor(1, "download")
        self._builder = ThreadPoolExecutor(1, "build")
        self._report_installed()
        if self._missing:
            self._commands = GoCommands(find_go(self._progress.note))
        for tool in self._missing:
            packages = self._downloader.submit(self._download, tool)
            self._builds[tool.name] = self._builder.submit(self._build, tool, packages)
        return self

    def __exit__(self, *_: object) -> None:
        """Stop what still runs and wait for its end."""
        if self._missing:
            self._commands.stop()
        self._downloader.shutdown(cancel_futures=True)
        self._builder.shutdown(cancel_futures=True)

    def wait(self, name: str) -> Path:
        """Return the tool's first program as soon as it exists. Raises the LabError of its build."""
        if name in self._found:
            return self._found[name]
        try:
            return self._builds[name].result()
        except OSError as error:
            raise explained(error) from error

    def _find(self, name: str) -> Path | None:
        return build.built(name) if name in self._unfit else build.find(name)

    def _report_installed(self) -> None:
        """Print which installed programs are used, and why others are not."""
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
        with self._progress.step(f"build {tool.name}") as step, self._alone(step):
            # Another process may have built it during the wait.
            return self._find(tool.name) or build.build(tool, self._commands, step, count)

    @contextlib.contextmanager
    def _alone(self, step: Step) -> Iterator[None]:
        """Hold the lock that lets one process build at a time."""
        lock = build.bin_folder() / "build.lock"
        notice = "waiting: another process is building"
        with exclusive(lock, lambda: step.update(notice), self._commands.check_wanted):
            # No other process builds now, so these are left from killed builds.
            for leftover in (*lock.parent.glob(".partial-*"), *(cache_dir() / "go" / "tmp").glob("*")):
                shutil.rmtree(leftover, ignore_errors=True)
            yield


def build_all(names: Sequence[str], progress: Progress) -> None:
    """Build the missing tools of `names`. Raises the LabError of the first build that fails."""
    with BuildQueue(progress, names) as queue:
        for name in names:
            queue.wait(name)
