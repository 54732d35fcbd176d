"""Start and cleanly remove a real Kubernetes in its own Linux namespaces, with one real or three simulated nodes.

The supervisor is process 1 of the namespaces. When it exits, the kernel removes the rest of the node: processes,
mounts, links, routes and firewall rules. The node's folder, with the cluster's data, stays until `Node.clean`.
"""

from lab.node.binaries import Binaries, SimulatedBinaries, load
from lab.node.node import Node, end
from lab.node.record import Record

__all__ = ["Binaries", "Node", "Record", "SimulatedBinaries", "end", "load"]
