"""What process 1 of the node's namespaces sets up in them before it starts daemons.

Everything here vanishes with the namespaces, so nothing here is undone.
"""

import socket
import subprocess
import time
from pathlib import Path

from lab.errors import LabError
from lab.node import cgroups
from lab.node.layout import (
    KUBELET_ROOT,
    LINK_SUBNET,
    NODE_ADDRESS,
    NODE_LINK,
    NODE_NAME,
    SERVICE_SUBNET,
    NodeFolder,
)

# Daemons and CNI plugins write here whatever they are told; memory of their own keeps the machine clean
# and forgets sandboxes, leases and sockets of a node that was killed.
HIDDEN = (Path("/run"), Path("/var/log"), Path("/var/lib/cni"))
# The kubelet insists on these values, which belong to the whole machine: it is shown what it wants to see.
_KUBELET_WANTS = {
    "vm/overcommit_memory": 1,
    "vm/panic_on_oom": 0,
    "kernel/panic": 10,
    "kernel/panic_on_oops": 1,
    "kernel/keys/root_maxkeys": 1_000_000,
    "kernel/keys/root_maxbytes": 25_000_000,
}
# These are counted by network namespace.
_NETWORK = {"net/ipv4/ip_forward": 1, "net/bridge/bridge-nf-call-iptables": 1}
_SYSCTL = Path("/proc/sys")
# The machine's end is made within milliseconds of the supervisor's start, or never.
_LINK_SECONDS = 30.0
_POLL_SECONDS = 0.02


def prepare(folder: NodeFolder) -> None:
    """Set up control groups, mounts, kernel settings and addresses; LabError when something is refused."""
    cgroups.join()
    _mounts(folder)
    for name, value in _NETWORK.items():
        (_SYSCTL / name).write_text(str(value), encoding="utf-8")
    socket.sethostname(NODE_NAME)
    _network()


def _mounts(folder: NodeFolder) -> None:
    # containerd's mounts must reach the kubelet and the other way round; none leaves the namespace.
    _run("mount", "--make-rshared", "/")
    shown = folder.root / "sysctl"
    shown.mkdir(exist_ok=True)
    for name, value in _KUBELET_WANTS.items():
        file = shown / name.replace("/", ".")
        file.write_text(f"{value}\n", encoding="utf-8")
        _run("mount", "--bind", str(file), str(_SYSCTL / name))
    for path in HIDDEN:
        path.mkdir(parents=True, exist_ok=True)
        _run("mount", "-t", "tmpfs", "-o", "mode=755", "fawkes-lab", str(path))
    # The kubelet makes sockets here, whose paths may have 107 characters; the folder's own may have more.
    for path in (KUBELET_ROOT, folder.data / "kubelet"):
        path.mkdir(parents=True, exist_ok=True)
    _run("mount", "--bind", str(folder.data / "kubelet"), str(KUBELET_ROOT))


def _network() -> None:
    _run("ip", "link", "set", "lo", "up")
    deadline = time.monotonic() + _LINK_SECONDS
    while not Path(f"/proc/sys/net/ipv4/conf/{NODE_LINK}").exists():
        if time.monotonic() > deadline:
            raise LabError("The command that started the node ended before it was joined.", "Run it again.")
        time.sleep(_POLL_SECONDS)
    _run("ip", "address", "add", f"{NODE_ADDRESS}/{LINK_SUBNET.prefixlen}", "dev", NODE_LINK)
    _run("ip", "link", "set", NODE_LINK, "up")
    # The node's own connections to Services need a route before kube-proxy's rules can redirect them.
    _run("ip", "route", "add", str(SERVICE_SUBNET), "dev", "lo", "src", str(NODE_ADDRESS))


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise LabError(
            f"The node's namespaces refuse `{' '.join(command)}`: {done.stderr.strip()}.",
            "The lab needs a kernel with bridges, veth links, overlayfs and iptables, and full root privileges.",
        )
