"""How busy the machine is, so that a figure shows what else ran while it was measured."""

import os
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
# The columns of /proc/stat after its first word: user, nice, system, idle, iowait, irq, softirq, steal.
_IDLE = (3, 4)
_COUNTED = 8


def busy_seconds() -> float:
    """Return the seconds that all cores together have been busy since the machine started."""
    return of_stat(Path("/proc/stat").read_text(encoding="utf-8"))


def of_stat(stat: str) -> float:
    """Return the same from the text of /proc/stat; time that a hypervisor gave to others counts as busy."""
    ticks = [int(field) for field in stat.splitlines()[0].split()[1 : 1 + _COUNTED]]
    return sum(each for number, each in enumerate(ticks) if number not in _IDLE) / _TICKS
