"""How busy the machine is with other programs: what a reader has to know of figures from a shared machine."""

import resource
import time
from collections.abc import Iterable

from bench.busy import busy_seconds
from bench.processes import cpu_seconds


def other_seconds(pids: Iterable[int]) -> float:
    """Return the seconds that cores were busy so far, but not with these processes, nor this one and its children.

    Children count when they have ended. Only differences mean something: what ran earlier is in it.
    """
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    own = time.process_time() + children.ru_utime + children.ru_stime
    return busy_seconds() - own - sum(cpu_seconds(pid) for pid in pids)
