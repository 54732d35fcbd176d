"""Run the tests of one tier: in view, or beside other work."""

import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence

from lab.engine.run import ended_with_us
from lab.errors import LabError
from settings.project import REPO
from tests.support.validated import PREFIX

# Twice the time of the longest tier on two cores; pyproject.toml limits each single test.
_TIER_SECONDS = 3600


def in_view(marker: str, *options: str) -> str:
    """Run the tests of a tier and print their output; return pytest's last line and what validated the config.

    Raise LabError when a test fails, or when the tier has no test.
    """
    pytest = ["-m", "pytest", "-m", marker, *options]
    with _started(pytest, subprocess.PIPE) as process:
        return _result(process, process.stdout or (), pytest)


@contextlib.contextmanager
def beside(marker: str, *options: str) -> Iterator[Callable[[], str]]:
    """Run the tests of a tier while the block runs.

    The yielded function waits for their end and does the rest of what `in_view` does.
    """
    pytest = ["-m", "pytest", "-m", marker, *options]
    # Printed at the end: two tiers at once would be unreadable.
    with tempfile.TemporaryFile("w+", encoding="utf-8") as output, _started(pytest, output.fileno()) as process:

        def finish() -> str:
            process.wait()
            output.seek(0)
            return _result(process, output, pytest)

        yield finish


@contextlib.contextmanager
def _started(pytest: Sequence[str], output: int) -> Iterator[subprocess.Popen[str]]:
    # A shell's background jobs ignore Ctrl-C, and their children inherit that.
    command = ["env", "--default-signal=INT", sys.executable, *pytest, "-v", "--durations=40"]
    process = subprocess.Popen(
        [*command, f"--session-timeout={_TIER_SECONDS}"],
        cwd=REPO,
        env={**os.environ, "FAWKES_REQUIRE_TOOLS": "1", "PYTHONUNBUFFERED": "1"},
        stdin=subprocess.DEVNULL,
        stdout=output,
        text=True,
        # A session of its own: we pass an interrupt on exactly once, and wait until pytest has exited.
        start_new_session=True,
    )
    with process, ended_with_us(process):
        yield process


def _result(process: subprocess.Popen[str], lines: Iterable[str], pytest: Sequence[str]) -> str:
    last = validated = ""
    for line in lines:
        print(line, end="", flush=True)
        last = line.strip().strip("= ") or last
        validated = line.strip() if line.startswith(PREFIX) else validated
    if process.wait():
        raise LabError(last, f"Repeat it on a lab that `make up` started: python {' '.join(pytest)}")
    return f"{last}; {validated}" if validated else last
