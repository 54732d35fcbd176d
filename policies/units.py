"""Durations and sizes as Go programs and Kubernetes write them."""

import re

from policies.property import Property
from policies.unjudged import UnjudgedError

_SECONDS = {
    "ns": 1e-9,
    "us": 1e-6,
    "µs": 1e-6,
    "ms": 1e-3,
    "s": 1.0,
    "m": 60.0,
    "h": 3600.0,
    # Prometheus' durations, which Tempo reads in limits, have these, too.
    "d": 86_400.0,
    "w": 604_800.0,
    "y": 31_536_000.0,
}
_PART = re.compile(r"(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h|d|w|y)")
_QUANTITY = re.compile(r"(\d+(?:\.\d+)?)(m|[kKMGTPE]i?)?")
_POWERS = {"K": 1, "M": 2, "G": 3, "T": 4, "P": 5, "E": 6}


def seconds(duration: Property, default: float | None = None) -> float:
    """Return a duration as `48h0m0s`, `2d` or `0` in seconds, the default if it is missing; else UnjudgedError."""
    if default is not None and duration.is_missing:
        return default
    if duration.value == 0 and not isinstance(duration.value, bool):
        return 0.0
    text = duration.text()
    if text == "0":
        return 0.0
    parts = _PART.findall(text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        raise UnjudgedError(f"{duration.path} is no duration as 30s or 48h0m0s")
    return sum(float(number) * _SECONDS[unit] for number, unit in parts)


def quantity(amount: Property) -> float:
    """Return a quantity of Kubernetes, as `512Mi`, `1.5Gi` or `2`, in its base unit; else UnjudgedError."""
    if isinstance(amount.value, int | float) and not isinstance(amount.value, bool):
        return float(amount.value)
    found = _QUANTITY.fullmatch(amount.text())
    if not found:
        raise UnjudgedError(f"{amount.path} is no quantity as 512Mi")
    return float(found[1]) * _factor(found[2])


def shown_hours(duration_seconds: float) -> str:
    """Return a duration for a sentence."""
    return f"{duration_seconds / 3600:g} h"


def _factor(unit: str | None) -> float:
    if not unit:
        return 1.0
    if unit == "m":
        return 0.001
    base = 1024 if unit.lower().endswith("i") else 1000
    return float(base ** _POWERS[unit[0].upper()])
