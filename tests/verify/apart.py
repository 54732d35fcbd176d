"""Run a command beside a lab, where it can start another: in namespaces in which that lab does not exist."""

import contextlib
import shlex
import subprocess
from collections.abc import Iterator, Sequence
from typing import Any

from lab.node.cgroups import MOUNT
from lab.node.checks import UNSHARE
from lab.node.record import MACHINE_FOLDER

# A network without links, no record of a lab, and no control groups: only nodes that run Pods need those.
# The last line keeps the shell as process 1, which has to reap orphans.
_SCRIPT = f"""
set -e
ip link set lo up
mkdir -p {shlex.quote(str(MACHINE_FOLDER))}
mount -t tmpfs fawkes-apart {shlex.quote(str(MACHINE_FOLDER))}
mount -t tmpfs fawkes-apart {shlex.quote(str(MOUNT))}
"$@"
exit
"""


def apart(command: Sequence[str]) -> list[str]:
    """Return the command that runs `command` so; whatever it starts ends with it, and when it is killed."""
    return [*UNSHARE, "sh", "-c", _SCRIPT, "sh", *command]


@contextlib.contextmanager
def killed_with_us(process: subprocess.Popen[Any]) -> Iterator[None]:
    """Kill such a command when the block is left by an error or an interrupt, whatever it is doing."""
    try:
        yield
    except BaseException:
        process.kill()
        raise
