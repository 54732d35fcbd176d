"""The machine's end of the node's network: a veth link and the routes to Pods and Services.

The kernel removes both with the node's network namespace.
"""

import contextlib
import json
import subprocess
from ipaddress import IPv4Network

from lab.errors import LabError
from lab.node.layout import (
    HOST_LINK,
    LINK_SUBNET,
    MACHINE_ADDRESS,
    NODE_ADDRESS,
    NODE_LINK,
    POD_SUBNET,
    SERVICE_SUBNET,
)

_SUBNETS = (LINK_SUBNET, POD_SUBNET, SERVICE_SUBNET)


def exists() -> bool:
    """Return whether this machine has a link of the lab's name."""
    return HOST_LINK in {link["ifname"] for link in json.loads(run("ip", "-json", "link", "show"))}


def check_free() -> None:
    """Raise LabError when the link's name or one of the node's subnets is taken."""
    if exists():
        raise LabError(
            f"This machine already has a network link {HOST_LINK}, which belongs to no recorded lab.",
            f"If nothing needs it: ip link delete {HOST_LINK}",
        )
    for route in json.loads(run("ip", "-json", "-4", "route", "show")):
        if taken := overlap(route["dst"]):
            raise LabError(
                f"The lab needs the subnet {taken}, but this machine already routes {route['dst']} "
                f"through {route.get('dev', 'another link')}.",
                "Leave that network (a VPN, for example) while the lab runs.",
            )


def overlap(destination: str) -> IPv4Network | None:
    """Return the lab's subnet that a route's destination overlaps; the default route overlaps none."""
    if destination == "default":
        return None
    routed = IPv4Network(destination)
    return next((subnet for subnet in _SUBNETS if subnet.overlaps(routed)), None)


def join(pid: int) -> None:
    """Create the link, with its far end in the network namespace of process `pid`, and the routes."""
    run("ip", "link", "add", HOST_LINK, "type", "veth", "peer", "name", NODE_LINK, "netns", str(pid))
    run("ip", "address", "add", f"{MACHINE_ADDRESS}/{LINK_SUBNET.prefixlen}", "dev", HOST_LINK)
    run("ip", "link", "set", HOST_LINK, "up")
    for subnet in (POD_SUBNET, SERVICE_SUBNET):
        run("ip", "route", "add", str(subnet), "via", str(NODE_ADDRESS), "dev", HOST_LINK)


def leave() -> None:
    """Delete the link now: the kernel does it only some time after the namespace's last process exited."""
    # The kernel may delete it at this very moment.
    with contextlib.suppress(LabError):
        if exists():
            run("ip", "link", "delete", HOST_LINK)


def run(*command: str) -> str:
    """Run a command, here or in the node's namespaces, and return what it printed; LabError when it fails."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise LabError(
            f"`{' '.join(command)}` failed: {done.stderr.strip()}.",
            "The lab needs full root privileges, and a kernel with bridges, veth links, overlayfs and iptables.",
        )
    return done.stdout
