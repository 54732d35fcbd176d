"""All faults, in the order in which they run: those whose alerts last longest come last."""

from tests.faults.cases import away, killed, large, node
from tests.faults.fault import Fault

FAULTS: tuple[Fault, ...] = (*large.FAULTS, *killed.FAULTS, *away.FAULTS, *node.FAULTS)
