"""What a running process has taken so far, and its end."""

import re
import subprocess
import time
from pathlib import Path

_END_SECONDS = 20.0
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


def end(process: subprocess.Popen[bytes]) -> None:
    """Ask a process to end, and kill it if it does not."""
    process.terminate()
    try:
        process.wait(_END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
