"""All faults, in the order in which they run: those whose alerts last longest come last."""

from tests.faults.cases import (
    away,
    certificates,
    clocks,
    dns,
    hostile,
    killed,
    large,
    node,
    noisy,
    overload,
    store,
)
from tests.faults.fault import Fault

FAULTS: tuple[Fault, ...] = (
    *large.FAULTS,
    *hostile.FAULTS,
    *clocks.FAULTS,
    *noisy.FAULTS,
    *overload.FAULTS,
    *killed.FAULTS,
    *dns.FAULTS,
    *store.FAULTS,
    *away.FAULTS,
    *certificates.FAULTS,
    *node.FAULTS,
)
