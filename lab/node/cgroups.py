"""The node's control groups, in every v1 hierarchy or in the one v2 hierarchy of this machine.

They are the only trace besides folders that a killed node leaves, because the
kernel does not delete empty groups.
"""

import contextlib
import os
import time
from pathlib import Path

from lab.errors import LabError
from lab.node.layout import CGROUP, DAEMONS_CGROUP

MOUNT = Path("/sys/fs/cgroup")
# Ended processes leave their group a moment after they can be waited for.
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
    """Make the node's group and the daemons' one in every hierarchy; LabError when that is refused."""
    try:
        _create(mount)
    except OSError as error:
        raise LabError(
            f"Control groups below {mount} cannot be made: {error}.",
            "The lab needs them writable; in a container, run it privileged.",
        ) from error


def _create(mount: Path) -> None:
    for root in hierarchies(mount):
        parent = root
        for part in Path(DAEMONS_CGROUP).parts:
            # Beside v1 hierarchies the v2 one only groups processes, so it stays as it is.
            if root == mount:
                _pass_on_controllers(parent)
            group = parent / part
            group.mkdir(exist_ok=True)
            _pass_on_cpus(parent, group)
            parent = group


def join(mount: Path = MOUNT) -> None:
    """Move this process, and all it will start, into the daemons' group."""
    for root in hierarchies(mount):
        (root / DAEMONS_CGROUP / "cgroup.procs").write_text(str(os.getpid()), encoding="utf-8")


def remove(mount: Path = MOUNT) -> None:
    """Delete the node's groups from the leaves up; LabError when processes stay in them."""
    deadline = time.monotonic() + _REMOVE_SECONDS
    while left := [group for root in hierarchies(mount) for group in _remove_tree(root / CGROUP)]:
        if time.monotonic() > deadline:
            raise LabError(
                f"Control group {left[0]} cannot be removed: it still holds processes.",
                f"See them with `cat {left[0]}/cgroup.procs`, end them and run this again.",
            )
        time.sleep(_POLL_SECONDS)


def _remove_tree(group: Path) -> list[Path]:
    """Delete what can be deleted; return what could not."""
    if not group.exists():
        return []
    left = [path for child in group.iterdir() if child.is_dir() for path in _remove_tree(child)]
    with contextlib.suppress(FileNotFoundError):
        try:
            group.rmdir()
        except OSError:
            left.append(group)
    return left


def _pass_on_controllers(parent: Path) -> None:
    """On v2 let the children of a group use every controller that it has itself."""
    for controller in (parent / "cgroup.controllers").read_text(encoding="utf-8").split():
        # One that the kernel refuses is named by the kubelet if it needs it.
        with contextlib.suppress(OSError):
            (parent / "cgroup.subtree_control").write_text(f"+{controller}", encoding="utf-8")


def _pass_on_cpus(parent: Path, group: Path) -> None:
    """On v1 a new cpuset is empty and takes no process until it is given its parent's share."""
    for name in ("cpuset.cpus", "cpuset.mems"):
        if (group / name).exists() and not (group / name).read_text(encoding="utf-8").strip():
            (group / name).write_text((parent / name).read_text(encoding="utf-8"), encoding="utf-8")
