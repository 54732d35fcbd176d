"""Set up the node's namespaces from their process 1, before it starts daemons.

The kernel removes everything here with the namespaces, so nothing is undone.
"""

import socket
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
from lab.node.link import run

# Daemons and CNI plugins write here, whatever their options. A tmpfs keeps the machine clean, and loses
# sandboxes, leases and sockets of a node that was killed.
HIDDEN = (Path("/run"), Path("/var/log"), Path("/var/lib/cni"))
# The kubelet requires these values, but they are the whole machine's: the node sees files that have them.
_KUBELET_SYSCTLS = {
    "vm/overcommit_memory": 1,
    "vm/panic_on_oom": 0,
    "kernel/panic": 10,
    "kernel/panic_on_oops": 1,
    "kernel/keys/root_maxkeys": 1_000_000,
    "kernel/keys/root_maxbytes": 25_000_000,
}
# Each network namespace has its own.
_NETWORK_SYSCTLS = {"net/ipv4/ip_forward": 1, "net/bridge/bridge-nf-call-iptables": 1}
_SYSCTL = Path("/proc/sys")
# The starting command creates the link within milliseconds of the supervisor's start, or never.
_LINK_SECONDS = 30.0
_POLL_SECONDS = 0.02


def prepare(folder: NodeFolder) -> None:
    """Set up control groups, mounts, kernel settings and addresses; LabError or OSError when one is refused."""
    cgroups.join()
    _mounts(folder)
    for name, value in _NETWORK_SYSCTLS.items():
        (_SYSCTL / name).write_text(str(value), encoding="utf-8")
    socket.sethostname(NODE_NAME)
    _network()


def _mounts(folder: NodeFolder) -> None:
    # containerd and the kubelet must see each other's mounts; none leaves the namespace.
    run("mount", "--make-rshared", "/")
    shown = folder.root / "sysctl"
    shown.mkdir(exist_ok=True)
    for name, value in _KUBELET_SYSCTLS.items():
        file = shown / name.replace("/", ".")
        file.write_text(f"{value}\n", encoding="utf-8")
        run("mount", "--bind", str(file), str(_SYSCTL / name))
    for path in HIDDEN:
        path.mkdir(parents=True, exist_ok=True)
        run("mount", "-t", "tmpfs", "-o", "mode=755", "fawkes-lab", str(path))
    # The kubelet creates sockets here, whose paths may have 107 characters; those below the folder may have more.
    for path in (KUBELET_ROOT, folder.data / "kubelet"):
        path.mkdir(parents=True, exist_ok=True)
    run("mount", "--bind", str(folder.data / "kubelet"), str(KUBELET_ROOT))


def _network() -> None:
    run("ip", "link", "set", "lo", "up")
    deadline = time.monotonic() + _LINK_SECONDS
    while not Path(f"/proc/sys/net/ipv4/conf/{NODE_LINK}").exists():
        if time.monotonic() > deadline:
            raise LabError("The command that started the node exited before connecting it.", "Run it again.")
        time.sleep(_POLL_SECONDS)
    run("ip", "address", "add", f"{NODE_ADDRESS}/{LINK_SUBNET.prefixlen}", "dev", NODE_LINK)
    run("ip", "link", "set", NODE_LINK, "up")
    # The node's own connections to Services need a route before kube-proxy's rules can redirect them.
    run("ip", "route", "add", str(SERVICE_SUBNET), "dev", "lo", "src", str(NODE_ADDRESS))
