"""Programs that this machine has on PATH: which of them do in place of a build, and why another does not.

Each is asked for its version once a process. A program of the same name that is another product (there is more
than one `tempo`, and on many machines `mc` is a file manager) is none, and not worth a word.
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
from lab.toolchain.catalogue import TOOLS, OwnInstallation, Tool
from lab.toolchain.elf import why_not_alone

# Names tools, with commas between, that are built although they are installed.
BUILD_VARIABLE = "FAWKES_BUILD"
# The first start of a program of 150 MB on a busy machine takes two.
_ANSWER_SECONDS = 20.0


@dataclass(frozen=True)
class Installed:
    """A tool's program on PATH, with symbolic links followed, and the version that it says it has.

    `refused` says why it is of no use, `not_alone` why it does not run in a container image; else they are "".
    """

    program: Path
    version: str
    refused: str = ""
    not_alone: str = ""

    @property
    def passed_over(self) -> str:
        """Why it does not do in place of a build; "" if it does."""
        return self.refused or self.not_alone

    def __str__(self) -> str:
        """Say which one it is: `2.10.8 (/usr/local/bin/tempo)`."""
        return f"{self.version} ({self.program})".lstrip()


def in_place_of_a_build(tool: Tool) -> Installed | None:
    """Return the program that is used as it is, if there is one and the user does not want a build.

    Raise LabError when `FAWKES_BUILD` names what is no tool.
    """
    found = installed(tool)
    return found if found and not found.passed_over and tool.name not in _wanted_builds() else None


def installed(tool: Tool) -> Installed | None:
    """Return the first program on PATH that says that it is this tool, of use or not."""
    return _look(tool.own, tool.in_image, tuple(os.get_exec_path())) if tool.own else None


@functools.cache
def _look(own: OwnInstallation, in_image: bool, folders: tuple[str, ...]) -> Installed | None:  # noqa: FBT001
    """Return what `installed` does; the folders are those of PATH, whose change calls for another look."""
    found = (_asked(program, own) for program in _candidates(own, folders))
    first = next(filter(None, found), None)
    if first is None or first.refused or not in_image:
        return first
    return Installed(first.program, first.version, not_alone=why_not_alone(first.program))


def _candidates(own: OwnInstallation, folders: tuple[str, ...]) -> Iterator[Path]:
    """Yield each program of this name once; one that lacks what must lie beside it does not count."""
    found = (shutil.which(own.version_command[0], path=folder) for folder in folders)
    for program in dict.fromkeys(Path(path).resolve() for path in found if path):
        if all((program.parent / other).is_file() for other in own.beside):
            yield program


def _asked(program: Path, own: OwnInstallation) -> Installed | None:
    """Return what a program says that it is; None when it is another product."""
    try:
        said = _output(program, own.version_command[1:])
    except subprocess.TimeoutExpired as error:
        return Installed(program, "", refused=f"it did not say its version within {error.timeout:.0f} s")
    except OSError as error:
        return Installed(program, "", refused=f"it cannot be run: {error.strerror}")
    match = re.search(own.version_pattern, said, re.MULTILINE)
    return Installed(program, match[1], refused=_out_of_range(match[1], own)) if match else None


def _output(program: Path, arguments: tuple[str, ...]) -> str:
    """Return what a program prints on both of its streams; "" when it fails."""
    with subprocess.Popen(
        [program, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        # Asking for a version must not ask the network for a newer one.
        env={**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true"},
        # A session of its own, so that what it may have started ends with it.
        start_new_session=True,
    ) as process:
        try:
            said, _ = process.communicate(timeout=_ANSWER_SECONDS)
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            raise
    return "" if process.returncode else said


def _out_of_range(version: str, own: OwnInstallation) -> str:
    if _numbers(version) < _numbers(own.minimum):
        return f"it is older than {own.minimum}"
    if own.below and _numbers(version) >= _numbers(own.below):
        return f"it must be older than {own.below}"
    return ""


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))


def _wanted_builds() -> set[str]:
    wanted = {name.strip() for name in os.environ.get(BUILD_VARIABLE, "").split(",")} - {""}
    if unknown := sorted(wanted - set(TOOLS)):
        raise LabError(
            f"{BUILD_VARIABLE} names {', '.join(unknown)}, which is no tool.",
            f"Name tools with commas between: {', '.join(TOOLS)}.",
        )
    return wanted
