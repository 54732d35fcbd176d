"""The two kinds of nodes: one that runs Pods, and several that only say so."""

from lab.node import real, simulated
from lab.node.binaries import Binaries, SimulatedBinaries
from lab.node.kind import NodeKind
from lab.node.layout import NodeFolder


def kind_of(folder: NodeFolder, binaries: Binaries | SimulatedBinaries) -> NodeKind:
    """Return the kind of node that these programs make."""
    if isinstance(binaries, SimulatedBinaries):
        return simulated.kind(folder, binaries)
    return real.kind(folder, binaries)
