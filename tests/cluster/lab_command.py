"""`python -m lab`, run as people run it: what it prints, how it ends, what Ctrl-C does."""

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
_ENDS_SECONDS = 420.0
_NOTHING: MappingProxyType[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Ended:
    """A finished command; `said` holds standard output and standard error."""

    code: int
    said: str


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
        timeout=_ENDS_SECONDS,
        check=False,
    )
    return Ended(done.returncode, done.stdout)


def interrupted_up(when: Callable[[str], bool]) -> Ended:
    """Run `up` and press Ctrl-C as soon as `when` returns true for its output so far."""
    process = subprocess.Popen(
        # Whoever runs the tests in the background has had Ctrl-C ignored for all that they start.
        ["env", "--default-signal=INT", sys.executable, "-m", "lab", "up"],
        cwd=REPO,
        env=_environment({}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        # A group of its own, to which the signal goes as it does from a terminal.
        start_new_session=True,
    )
    said: list[str] = []
    reader = threading.Thread(target=lambda: said.extend(process.stdout or ()))
    reader.start()
    with ended_with_us(process):
        while process.poll() is None and not when("".join(said)):
            reader.join(0.1)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGINT)
        code = process.wait(_ENDS_SECONDS)
    reader.join()
    if process.stdout:
        process.stdout.close()
    return Ended(code, "".join(said))


def _environment(changes: MappingProxyType[str, str] | dict[str, str]) -> dict[str, str]:
    # Wide enough that no line of a table is cut.
    return {**os.environ, "COLUMNS": "300", "PYTHONUNBUFFERED": "1", **changes}
