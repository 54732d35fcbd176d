"""The node's control groups, in every v1 hierarchy or in the one v2 hierarchy of this machine.

Besides folders, a killed node leaves only these, because the kernel does not delete empty groups.
"""

import contextlib
import os
import time
from pathlib import Path

from lab.errors import LabError
from lab.node.layout import CGROUP, DAEMONS_CGROUP

MOUNT = Path("/sys/fs/cgroup")
# A process leaves its group a moment after it can be reaped.
_REMOVE_SECONDS = 10.0
_POLL_SECONDS = 0.05


def hierarchies(mount: Path = MOUNT) -> list[Path]:
    """Return the roots of all hierarchies: the mount itself on v2, its children on v1."""
    if (mount / "cgroup.procs").exists():
        return [mount]
    # Names such as `cpu` and `cpuacct` may be links to one hierarchy.
    children = {child.resolve() for child in mount.iterdir() if (child / "cgroup.procs").exists()}
    return sorted(children)


def create(mount: Path = MOUNT) -> None:
    """Create the groups of the node and of its daemons in every hierarchy; LabError when that is refused."""
    try:
        for root in hierarchies(mount):
            _create(root, is_v2=root == mount)
    except OSError as error:
        raise LabError(
            f"Control groups below {mount} cannot be created: {error}.",
            "The lab must be able to write there; in a container, run it privileged.",
        ) from error


def _create(root: Path, *, is_v2: bool) -> None:
    parent = root
    for part in Path(DAEMONS_CGROUP).parts:
        # A v2 hierarchy beside v1 ones only groups processes, so its controllers stay as they are.
        if is_v2:
            _enable_controllers(parent)
        group = parent / part
        group.mkdir(exist_ok=True)
        _copy_cpus(parent, group)
        parent = group


def join(mount: Path = MOUNT) -> None:
    """Move this process, and so those that it starts later, into the daemons' group."""
    for root in hierarchies(mount):
        (root / DAEMONS_CGROUP / "cgroup.procs").write_text(str(os.getpid()), encoding="utf-8")


def remove(mount: Path = MOUNT) -> None:
    """Delete the node's groups, children first; LabError when processes stay in them."""
    deadline = time.monotonic() + _REMOVE_SECONDS
    while left := [group for root in hierarchies(mount) for group in _remove_tree(root / CGROUP)]:
        if time.monotonic() > deadline:
            raise LabError(
                f"Control group {left[0]} cannot be removed: it still holds processes.",
                f"List them with `cat {left[0]}/cgroup.procs`, end them and run this again.",
            )
        time.sleep(_POLL_SECONDS)


def _remove_tree(group: Path) -> list[Path]:
    """Delete a group and its children; return the groups that could not be deleted."""
    if not group.exists():
        return []
    left = [path for child in group.iterdir() if child.is_dir() for path in _remove_tree(child)]
    with contextlib.suppress(FileNotFoundError):
        try:
            group.rmdir()
        except OSError:
            left.append(group)
    return left


def _enable_controllers(parent: Path) -> None:
    """On v2, enable for a group's children every controller that it has itself."""
    for controller in (parent / "cgroup.controllers").read_text(encoding="utf-8").split():
        # If the kernel refuses one that the kubelet needs, the kubelet reports it.
        with contextlib.suppress(OSError):
            (parent / "cgroup.subtree_control").write_text(f"+{controller}", encoding="utf-8")


def _copy_cpus(parent: Path, group: Path) -> None:
    """On v1, copy the parent's cpuset: a new one is empty, and accepts no process."""
    for name in ("cpuset.cpus", "cpuset.mems"):
        if (group / name).exists() and not (group / name).read_text(encoding="utf-8").strip():
            (group / name).write_text((parent / name).read_text(encoding="utf-8"), encoding="utf-8")
