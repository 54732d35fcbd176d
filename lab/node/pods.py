"""The processes of Pods, as process 1 of the node's namespaces sees them."""

import contextlib
from pathlib import Path

from lab.node.layout import PAUSE_COMMAND, PODS_CGROUP


def pod_processes(proc: Path = Path("/proc")) -> list[int]:
    """Return the ids of the first processes of all containers, except pause containers, which ignore SIGTERM."""
    found = []
    for process in proc.glob("[0-9]*"):
        # It may exit meanwhile.
        with contextlib.suppress(OSError):
            if _is_in_pod(process) and _is_first(process) and not _is_pause(process):
                found.append(int(process.name))
    return sorted(found)


def _is_in_pod(process: Path) -> bool:
    return f"/{PODS_CGROUP}/" in (process / "cgroup").read_text(encoding="utf-8")


def _is_first(process: Path) -> bool:
    """Return whether a process is number 1 in the innermost of its PID namespaces."""
    lines = (process / "status").read_text(encoding="utf-8").splitlines()
    return any(line.startswith("NSpid:") and line.split()[-1] == "1" for line in lines)


def _is_pause(process: Path) -> bool:
    return (process / "cmdline").read_bytes().decode(errors="replace").rstrip("\0") == "\0".join(PAUSE_COMMAND)
