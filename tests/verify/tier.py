"""Run the tests of one tier: in view, beside other work, or beside a lab that they must not see."""

import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from lab.engine.run import ended_with_us
from lab.errors import LabError
from settings.project import REPO
from tests.support.validated import PREFIX
from tests.verify.apart import apart, killed_with_us

# Only what hangs is cut off: the longest tier took 1 924 s on two cores, several times that on a busy machine.
# pyproject.toml limits each single test.
_TIER_SECONDS = 7200
_Ending = Callable[[subprocess.Popen[Any]], AbstractContextManager[None]]


def in_view(marker: str, *options: str) -> str:
    """Run the tests of a tier and print their output; return pytest's last line and what validated the config.

    Raise LabError when a test fails, or when the tier has no test.
    """
    with _started(_pytest(marker, *options), subprocess.PIPE) as process:
        return _result(process, process.stdout or ())


@dataclass(frozen=True)
class Beside:
    """Tests that run in the background; `finish` waits for their end and does the rest of what `in_view` does."""

    finish: Callable[[], str]
    pid: int


def beside(marker: str, *options: str) -> AbstractContextManager[Beside]:
    """Run the tests of a tier while the block runs."""
    return _in_background(_pytest(marker, *options), ended_with_us)


def beside_apart(marker: str, module: str, after: int) -> AbstractContextManager[Beside]:
    """Do as `beside` does, once the process `after` has ended, and apart from this machine's lab.

    The module brings another lab up and runs the tests, whose command is its arguments.
    """
    python = [sys.executable, "-m"]
    command = apart([*python, module, *_pytest(marker)])
    return _in_background([*python, "tests.verify.after", str(after), *command], killed_with_us)


@contextlib.contextmanager
def _in_background(command: Sequence[str], ending: _Ending) -> Iterator[Beside]:
    # Printed at the end: two tiers at once would be unreadable.
    with (
        tempfile.TemporaryFile("w+", encoding="utf-8") as output,
        _started(command, output.fileno(), ending) as process,
    ):

        def finish() -> str:
            process.wait()
            output.seek(0)
            return _result(process, output)

        yield Beside(finish, process.pid)


def _pytest(marker: str, *options: str) -> list[str]:
    # A shell's background jobs ignore Ctrl-C, and their children inherit that.
    python = ["env", "--default-signal=INT", sys.executable]
    limits = ["--durations=40", f"--session-timeout={_TIER_SECONDS}"]
    return [*python, "-m", "pytest", "-m", marker, *options, "-v", *limits]


@contextlib.contextmanager
def _started(
    command: Sequence[str], output: int, ending: _Ending = ended_with_us
) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        command,
        cwd=REPO,
        env={**os.environ, "FAWKES_REQUIRE_TOOLS": "1", "PYTHONUNBUFFERED": "1"},
        stdin=subprocess.DEVNULL,
        stdout=output,
        text=True,
        # A session of its own: we pass an interrupt on exactly once, and wait until pytest has exited.
        start_new_session=True,
    )
    with process, ending(process):
        yield process


def _result(process: subprocess.Popen[str], lines: Iterable[str]) -> str:
    last = validated = ""
    for line in lines:
        print(line, end="", flush=True)
        last = line.strip().strip("= ") or last
        validated = line.strip() if line.startswith(PREFIX) else validated
    if process.wait():
        raise LabError(last, "Repeat a failed test on a lab that runs (make up): .venv/bin/pytest TEST")
    return f"{last}; {validated}" if validated else last
