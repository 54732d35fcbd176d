"""Processes that are measured: their start and end, and what one has taken so far."""

import contextlib
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from lab.errors import LabError

_END_SECONDS, _LOOK_SECONDS = 20.0, 0.1
_SHOWN_CHARACTERS = 2000
# How Linux numbers the clock of a process's CPU time: the inverted process id, three bits, of which 2 means
# "as the scheduler counted it", in nanoseconds. /proc/PID/stat has the same in hundredths of a second.
_SCHEDULED = 2


def cpu_seconds(pid: int) -> float:
    """Return the CPU time of the whole process so far, in user and in kernel mode; OSError when it has ended."""
    return time.clock_gettime(~pid << 3 | _SCHEDULED)


def resident_bytes(pid: int, field: str = "VmRSS") -> int:
    """Return the resident memory; `VmHWM` is its highest value so far."""
    return resident(Path(f"/proc/{pid}/status").read_text(encoding="utf-8"), field)


def resident(status: str, field: str) -> int:
    """Return a field of the text of /proc/PID/status in bytes; 0 if it is missing, as of an ended process."""
    found = re.search(rf"^{field}:\s+(\d+) kB$", status, re.MULTILINE)
    return int(found[1]) * 1024 if found else 0


@contextlib.contextmanager
def started(
    command: Sequence[str], folder: Path, log: Path, environment: Mapping[str, str]
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program in a folder, with its output in a log; it has ended after the block."""
    # Killed even when this process is killed.
    bound = ["setpriv", "--pdeathsig", "KILL", "--"] if shutil.which("setpriv") else []
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*bound, *command],
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    try:
        yield process
    finally:
        _end(process)


def wait_until(
    answers: Callable[[], bool], process: subprocess.Popen[bytes], log: Path, seconds: float, what: str
) -> None:
    """Wait until a process answers; LabError with its last lines if it ends or takes too long.

    `what` is the beginning of that sentence, such as "The service did not answer".
    """
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        if answers():
            return
        time.sleep(_LOOK_SECONDS)
    lines = log.read_text(encoding="utf-8", errors="replace")[-_SHOWN_CHARACTERS:]
    raise LabError(
        f"{what} within {seconds:.0f} s; its last lines:\n{lines}",
        "Correct what they say, and run this again.",
    )


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ask a process to end, and kill it if it does not."""
    process.terminate()
    try:
        process.wait(_END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
