"""Find what a lab left on the machine outside its folder, in the kernel's own records."""

import contextlib
import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from lab.node import cgroups, link
from lab.node.binaries import SYSTEM_PATH
from lab.node.layout import CGROUP, HOST_LINK, LINK_SUBNET, POD_SUBNET, SERVICE_SUBNET

# The chains of kube-proxy and of the CNI plugins, and the subnets in their rules.
_FIREWALL_WORDS = ("KUBE-", "CNI-", str(LINK_SUBNET), str(POD_SUBNET), str(SERVICE_SUBNET))


def leftovers(folder: Path) -> set[str]:
    """Return one line for each process, mount, link, route, firewall rule and control group of a lab.

    `folder` is the lab's state folder. A machine with a cluster of its own has some of these without a lab:
    compare with the result from before.
    """
    return {
        *(f"process {line}" for line in _processes(folder)),
        *(f"mount {point}" for point in _mounts(folder)),
        *(f"link {HOST_LINK}" for _ in range(link.exists())),
        *(f"route {route}" for route in _routes()),
        *(f"firewall rule {rule}" for rule in _firewall_rules()),
        *(f"control group {group}" for group in _groups()),
    }


def _processes(folder: Path) -> Iterator[str]:
    for process in Path("/proc").glob("[0-9]*"):
        # Any process may exit while it is read.
        with contextlib.suppress(OSError):
            command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            if str(folder) in command or f"/{CGROUP}" in (process / "cgroup").read_text(encoding="utf-8"):
                yield f"{process.name} {command}"


def _mounts(folder: Path) -> Iterator[str]:
    for line in Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines():
        point = line.split()[1]
        if Path(point).is_relative_to(folder):
            yield point


def _routes() -> Iterator[str]:
    for route in json.loads(_output("ip", "-json", "-4", "route", "show") or "[]"):
        if link.overlap(route["dst"]):
            yield f"{route['dst']} dev {route.get('dev', '?')}"


def _firewall_rules() -> Iterator[str]:
    for line in _output("iptables-save").splitlines():
        if line.startswith("-") and any(word in line for word in _FIREWALL_WORDS):
            yield line


def _groups() -> list[Path]:
    return [root / CGROUP for root in cgroups.hierarchies() if (root / CGROUP).exists()]


def _output(program: str, *arguments: str) -> str:
    """Return the output of a system program; "" when the machine does not have it."""
    found = shutil.which(program, path=SYSTEM_PATH)
    if found is None:
        return ""
    return subprocess.run([found, *arguments], capture_output=True, text=True, check=True).stdout
