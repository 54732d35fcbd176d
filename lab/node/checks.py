"""Checks of this machine before a node is started; each raises one LabError."""

import os
import shutil
import subprocess
from pathlib import Path

from lab.errors import LabError
from lab.node.binaries import SYSTEM_PATH
from lab.node.namespace import HIDDEN

# Images of the whole lab (about 2 GB with their unpacked copies), volumes, and room for the kubelet's
# eviction threshold of 500 MB.
NEEDED_BYTES = 4_000_000_000
_MODULES = ("overlay", "bridge", "br_netfilter", "veth")
# Linux capability numbers.
_CAPABILITIES = {"CAP_SYS_ADMIN": 21, "CAP_NET_ADMIN": 12}
# Runs its arguments as process 1 of new namespaces, which the kernel removes when `unshare` itself is killed.
UNSHARE = ("unshare", "--mount", "--pid", "--net", "--uts", "--ipc", "--fork", "--mount-proc", "--kill-child")
# Needs everything that the node's own network does.
_PROBE = "ip link add b0 type bridge && test -e /proc/sys/net/bridge/bridge-nf-call-iptables && iptables -t nat -S"


def check_machine(folder: Path) -> None:
    """Check privileges, the node's folder and the kernel; LabError for the first that does not suffice."""
    check_privileges(Path("/proc/self/status").read_text(encoding="utf-8"), os.geteuid())
    check_folder(folder)
    check_free_space(folder)
    _check_kernel()


def check_privileges(process_status: str, user: int) -> None:
    """Check the user id and the effective capabilities in the content of a `/proc/PID/status`."""
    line = next(line for line in process_status.splitlines() if line.startswith("CapEff:"))
    effective = int(line.split()[1], 16)
    missing = [name for name, bit in _CAPABILITIES.items() if not effective >> bit & 1]
    if user != 0 or missing:
        got = f"user id {user}" if user != 0 else f"root without {' and '.join(missing)}"
        raise LabError(
            f"The lab runs a Kubernetes node, which needs root with all privileges; this is {got}.",
            "Run it with sudo, or in a privileged container.",
        )


def check_folder(folder: Path) -> None:
    """Check that the node's own mounts neither hide its folder nor fail on it."""
    if hidden := [path for path in HIDDEN if folder.is_relative_to(path)]:
        raise LabError(
            f"The node's folder {folder} is below {hidden[0]}, over which the node mounts a tmpfs.",
            "Set FAWKES_STATE_DIR to another folder.",
        )
    if _filesystem(folder) == "overlayfs":
        raise LabError(
            f"The node's folder {folder} is on overlayfs, on which container images cannot be unpacked.",
            "Set FAWKES_STATE_DIR to a folder on a real disk (in a container: on a volume).",
        )


def check_free_space(folder: Path, needed: int = NEEDED_BYTES) -> None:
    """Check that `needed` bytes are free where the node's folder is or will be."""
    free = shutil.disk_usage(_existing(folder)).free
    if free < needed:
        raise LabError(
            f"The lab needs {needed / 1e9:.1f} GB free at {folder}; {free / 1e9:.1f} GB are.",
            "Free some, or set FAWKES_STATE_DIR to a folder on a larger disk.",
        )


def _check_kernel() -> None:
    # Without modprobe (in a container) modules are built in or loaded by someone else.
    if modprobe := shutil.which("modprobe", path=SYSTEM_PATH):
        subprocess.run([modprobe, "--all", "--quiet", *_MODULES], capture_output=True, check=False)
    if "\toverlay\n" not in Path("/proc/filesystems").read_text(encoding="utf-8"):
        raise LabError("This kernel has no overlayfs, which containers need.", "Load it: modprobe overlay")
    done = subprocess.run([*UNSHARE, "sh", "-c", _PROBE], capture_output=True, text=True, check=False)
    if done.returncode:
        reason = done.stderr.strip() or "bridged packets do not pass iptables"
        raise LabError(
            f"The lab cannot create namespaces with a bridge and iptables on this machine: {reason}.",
            "Load the modules bridge, br_netfilter and veth; in a container, run it privileged.",
        )


def _existing(folder: Path) -> Path:
    return next(path for path in (folder, *folder.parents) if path.exists())


def _filesystem(folder: Path) -> str:
    command = ["stat", "--file-system", "--format=%T", str(_existing(folder))]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
