"""Run `python -m lab` as people do, to completion or until Ctrl-C, and return its output and exit code."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType

from lab.engine.run import ended_with_us
from settings.project import REPO

# `up` builds nothing here: a minute on an idle machine, several on a busy one.
_EXIT_SECONDS = 420.0
_NOTHING: MappingProxyType[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Ended:
    """A finished command; `output` is its standard output and standard error."""

    code: int
    output: str


def lab(*arguments: str, environment: MappingProxyType[str, str] | dict[str, str] = _NOTHING) -> Ended:
    """Run a command until it exits."""
    done = subprocess.run(
        [sys.executable, "-m", "lab", *arguments],
        cwd=REPO,
        env=_environment(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=_EXIT_SECONDS,
        check=False,
    )
    return Ended(done.returncode, done.stdout)


def interrupted_up(when: Callable[[str], bool]) -> Ended:
    """Run `up` and press Ctrl-C as soon as `when` returns true for its output so far."""
    process = subprocess.Popen(
        # In a shell's background jobs, and in all their children, Ctrl-C is ignored.
        ["env", "--default-signal=INT", sys.executable, "-m", "lab", "up"],
        cwd=REPO,
        env=_environment({}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        # A process group of its own, which gets the signal as it would from a terminal.
        start_new_session=True,
    )
    output: list[str] = []
    reader = threading.Thread(target=lambda: output.extend(process.stdout or ()))
    reader.start()
    with ended_with_us(process):
        while process.poll() is None and not when("".join(output)):
            reader.join(0.1)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGINT)
        code = process.wait(_EXIT_SECONDS)
    reader.join()
    if process.stdout:
        process.stdout.close()
    return Ended(code, "".join(output))


def _environment(changes: MappingProxyType[str, str] | dict[str, str]) -> dict[str, str]:
    # Wide enough that no line of a table is cut.
    return {**os.environ, "COLUMNS": "300", "PYTHONUNBUFFERED": "1", **changes}
