"""All faults."""

from tests.faults.cases import killed
from tests.faults.fault import Fault

FAULTS: tuple[Fault, ...] = (*killed.FAULTS,)
