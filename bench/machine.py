"""The machine on which something was measured, and the day, as one line."""

import datetime as dt
import os
import platform
import re
from pathlib import Path

_KIB_PER_GIB = 1024 * 1024


def machine() -> str:
    """Return "Measured on 2026-11-27: AMD EPYC (family 25, model 17), 2 cores, 24 GiB, Linux 6.18"."""
    cpuinfo = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    meminfo = Path("/proc/meminfo").read_text(encoding="utf-8")
    day = dt.datetime.now(dt.UTC).date().isoformat()
    cores = os.cpu_count() or 1
    parts = (
        processor(cpuinfo),
        f"{cores} core{'s' if cores > 1 else ''}",
        f"{gibibytes(meminfo):.0f} GiB",
        f"Linux {'.'.join(platform.release().split('.')[:2])}",
    )
    return f"Measured on {day}: {', '.join(parts)}."


def processor(cpuinfo: str) -> str:
    """Return the processor in the text of /proc/cpuinfo, with family and model: a guest's name is vague."""
    fields = dict(re.findall(r"^([a-z ]+?)\s*: (.*)$", cpuinfo, re.MULTILINE))
    name = fields.get("model name", platform.machine())
    details = [f"{key.removeprefix('cpu ')} {fields[key]}" for key in ("cpu family", "model") if key in fields]
    return f"{name} ({', '.join(details)})" if details else name


def gibibytes(meminfo: str) -> float:
    """Return the memory in the text of /proc/meminfo."""
    found = re.search(r"^MemTotal:\s+(\d+) kB$", meminfo, re.MULTILINE)
    return int(found[1]) / _KIB_PER_GIB if found else 0.0
