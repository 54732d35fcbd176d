"""Find the tools' programs on PATH: which replace a build, and why others do not.

Each program is queried for its version once a process. Another product of the same name (there is more than one
`tempo`, and `mc` is a file manager on many machines) is ignored without a message.
"""

import functools
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lab.errors import LabError
from lab.toolchain.catalogue import TOOLS
from lab.toolchain.elf import why_not_alone
from lab.toolchain.tools import OwnInstallation, Tool, numbers

# Comma-separated names of tools that are built although they are installed.
BUILD_VARIABLE = "FAWKES_BUILD"
# The first start of a program of 150 MB on a busy machine takes two.
_ANSWER_SECONDS = 20.0


@dataclass(frozen=True)
class Installed:
    """A tool's program on PATH, with symbolic links resolved, and the version that it reports.

    `refused` is why it is of no use, `not_alone` why it does not run in a container image; "" where it does.
    """

    program: Path
    version: str
    refused: str = ""
    not_alone: str = ""

    @property
    def passed_over(self) -> str:
        """Why it does not replace a build; "" if it does."""
        return self.refused or self.not_alone

    def __str__(self) -> str:
        """Return version and path: `2.10.8 (/usr/local/bin/tempo)`."""
        return f"{self.version} ({self.program})".lstrip()


def in_place_of_a_build(tool: Tool) -> Installed | None:
    """Return the installed program that replaces a build, if there is one and the user does not want a build.

    Raises LabError when `FAWKES_BUILD` contains an unknown name.
    """
    found = installed(tool)
    return found if found and not found.passed_over and tool.name not in _wanted_builds() else None


def installed(tool: Tool) -> Installed | None:
    """Return the first program on PATH that reports to be this tool, usable or not."""
    return _look(tool.own, tool.in_image, tuple(os.get_exec_path())) if tool.own else None


@functools.cache
def _look(own: OwnInstallation, in_image: bool, folders: tuple[str, ...]) -> Installed | None:  # noqa: FBT001
    """Return the result of `installed`; PATH's folders are an argument, because a change requires another look."""
    found = (_query(program, own) for program in _candidates(own, folders))
    first = next(filter(None, found), None)
    if first is None or first.refused or not in_image:
        return first
    return Installed(first.program, first.version, not_alone=why_not_alone(first.program))


def _candidates(own: OwnInstallation, folders: tuple[str, ...]) -> Iterator[Path]:
    """Yield each program of this name once; one without its companion files does not count."""
    found = (shutil.which(own.version_command[0], path=folder) for folder in folders)
    for program in dict.fromkeys(Path(path).resolve() for path in found if path):
        if all((program.parent / other).is_file() for other in own.beside):
            yield program


def _query(program: Path, own: OwnInstallation) -> Installed | None:
    """Run a program to learn its version; None when it is another product."""
    try:
        output = _output(program, own.version_command[1:])
    except subprocess.TimeoutExpired as error:
        return Installed(program, "", refused=f"it did not print its version within {error.timeout:.0f} s")
    except OSError as error:
        return Installed(program, "", refused=f"it cannot be run: {error.strerror}")
    match = re.search(own.version_pattern, output, re.MULTILINE)
    return Installed(program, match[1], refused=_out_of_range(match[1], own)) if match else None


def _output(program: Path, arguments: tuple[str, ...]) -> str:
    """Return what a program prints to both of its streams; "" when it fails."""
    with subprocess.Popen(
        [program, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        # Pulumi would otherwise look for a newer version on the network.
        env={**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true"},
        # In a session of its own, so that its children can be killed with it.
        start_new_session=True,
    ) as process:
        try:
            output, _ = process.communicate(timeout=_ANSWER_SECONDS)
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            raise
    return "" if process.returncode else output


def _out_of_range(version: str, own: OwnInstallation) -> str:
    if numbers(version) < numbers(own.minimum):
        return f"it is older than {own.minimum}"
    if own.below and numbers(version) >= numbers(own.below):
        return f"it must be older than {own.below}"
    return ""


def _wanted_builds() -> set[str]:
    wanted = {name.strip() for name in os.environ.get(BUILD_VARIABLE, "").split(",")} - {""}
    if unknown := sorted(wanted - set(TOOLS)):
        raise LabError(
            f"{BUILD_VARIABLE} contains unknown tools: {', '.join(unknown)}.",
            f"Separate names by commas; allowed are {', '.join(TOOLS)}.",
        )
    return wanted
