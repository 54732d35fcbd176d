"""A real Kubernetes in Linux namespaces of its own, started, awaited and removed cleanly.

It has one node that runs Pods, or three that only say so (`lab.node.kinds`).

One supervisor process is process 1 of those namespaces; when it ends, the
kernel ends everything else of the node with it: processes, mounts, links,
routes and firewall rules. What stays is the node's folder, with the cluster's
data, until `Node.clean`.
"""

from lab.node.binaries import DEBIAN_PACKAGES, SIMULATED_PACKAGES, Binaries, SimulatedBinaries, load
from lab.node.node import Node, end
from lab.node.record import Record
from lab.node.status import DaemonStatus

__all__ = [
    "DEBIAN_PACKAGES",
    "SIMULATED_PACKAGES",
    "Binaries",
    "DaemonStatus",
    "Node",
    "Record",
    "SimulatedBinaries",
    "end",
    "load",
]
