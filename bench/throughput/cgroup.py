"""Control groups that give a process as much CPU and memory as a container would get, on cgroups v1 and v2."""

import contextlib
import itertools
import os
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lab.errors import LabError
from lab.node.cgroups import MOUNT

# The kubelet's period, in µs: a process that has used up its quota waits for the next one.
_PERIOD = 100_000
_MIB = 1024 * 1024
_CONTROLLERS = ("cpu", "cpuacct", "memory")
# A process leaves its group a moment after it can be reaped.
_REMOVE_SECONDS, _POLL_SECONDS = 10.0, 0.05
_NUMBERS = itertools.count()


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What a container may use: cores, and MiB of memory."""

    cores: float
    memory_mib: int


@dataclass(frozen=True)
class Group:
    """A control group: its folder for each controller, all the same on v2."""

    folders: Mapping[str, Path]

    @property
    def is_v2(self) -> bool:
        """Whether one folder holds all controllers."""
        return len(set(self.folders.values())) == 1

    def entered(self, command: Sequence[str]) -> list[str]:
        """Return a command that joins the group, and then becomes the given one."""
        files = " ".join(f"{folder}/cgroup.procs" for folder in set(self.folders.values()))
        join = f'for file in {files}; do echo $$ > "$file" || exit 1; done; exec "$@"'
        return ["/bin/sh", "-c", join, "sh", *command]

    def limit(self, limits: Limits) -> None:
        """Set both limits."""
        quota, memory = round(limits.cores * _PERIOD), limits.memory_mib * _MIB
        cpu, ram = self.folders["cpu"], self.folders["memory"]
        values = (
            {cpu / "cpu.max": f"{quota} {_PERIOD}", ram / "memory.max": str(memory)}
            if self.is_v2
            else {
                cpu / "cpu.cfs_period_us": str(_PERIOD),
                cpu / "cpu.cfs_quota_us": str(quota),
                ram / "memory.limit_in_bytes": str(memory),
            }
        )
        for file, value in values.items():
            file.write_text(value, encoding="utf-8")

    def cpu_seconds(self) -> float:
        """Return the CPU time of all processes that have ever been in the group."""
        if self.is_v2:
            return _field(self.folders["cpu"] / "cpu.stat", "usage_usec") / 1e6
        return int((self.folders["cpuacct"] / "cpuacct.usage").read_text(encoding="utf-8")) / 1e9

    def throttled_share(self) -> float:
        """Return the share of periods in which the quota was used up, of those in which anything ran."""
        stat = self.folders["cpu"] / "cpu.stat"
        return _field(stat, "nr_throttled") / max(1, _field(stat, "nr_periods"))


def _field(file: Path, name: str) -> int:
    found = re.search(rf"^{name} (\d+)$", file.read_text(encoding="utf-8"), re.MULTILINE)
    return int(found[1]) if found else 0


@contextlib.contextmanager
def limited(limits: Limits, mount: Path = MOUNT) -> Iterator[Group]:
    """Make a group with these limits; it is gone after the block, in which its processes must have ended."""
    name = f"fawkes-bench-{os.getpid()}-{next(_NUMBERS)}"
    group = Group(_folders(mount, name))
    try:
        _make(group, mount)
        group.limit(limits)
    except OSError as error:
        _remove(group)
        raise LabError(
            f"A control group below {mount} cannot be made or limited: {error}.",
            "Run this as root; in a container, privileged.",
        ) from error
    try:
        yield group
    finally:
        _remove(group)


def _folders(mount: Path, name: str) -> dict[str, Path]:
    is_v2 = (mount / "cgroup.procs").exists()
    return {each: (mount if is_v2 else mount / each) / name for each in _CONTROLLERS}


def _make(group: Group, mount: Path) -> None:
    if group.is_v2:
        for controller in ("cpu", "memory"):
            # Refused where it is on already but cannot be set; the limit, which comes next, then says so.
            with contextlib.suppress(OSError):
                (mount / "cgroup.subtree_control").write_text(f"+{controller}", encoding="utf-8")
    for folder in group.folders.values():
        # Names such as `cpu` and `cpuacct` may be links to one hierarchy.
        folder.mkdir(exist_ok=True)


def _remove(group: Group) -> None:
    deadline = time.monotonic() + _REMOVE_SECONDS
    while left := [folder for folder in group.folders.values() if folder.exists()]:
        for folder in left:
            with contextlib.suppress(OSError):
                folder.rmdir()
        if time.monotonic() > deadline:
            return
        time.sleep(_POLL_SECONDS)
