"""The check's metrics, in Prometheus' text format."""

import threading
import time
from collections.abc import Iterator

from synthetic.web import REASONS

Labels = tuple[tuple[str, str], ...]
_HELP = {
    "tracing_check_attempts_total": ("counter", "Writes, and reads of what was written."),
    "tracing_check_failures_total": ("counter", "Attempts that failed, by the reason."),
    "tracing_check_last_success_timestamp_seconds": (
        "gauge",
        "Time of the last success; until the first one, of the check's start.",
    ),
    "tracing_check_seconds": ("gauge", "From the write until it was readable, at the last success."),
    "tracing_check_clock_skew_seconds": ("gauge", "Tempo's clock minus the check's, to a second."),
    "tracing_check_interval_seconds": ("gauge", "Time between two writes."),
    "tracing_check_deadline_seconds": ("gauge", "Time from a write until it counts as lost."),
    "process_start_time_seconds": ("gauge", "Time of the check's start."),
}


class Measures:
    """Counters and gauges by name and labels, for several threads."""

    def __init__(self) -> None:
        """Start with the process' own time of start."""
        self._lock = threading.Lock()
        self._values: dict[tuple[str, Labels], float] = {}
        self._started = time.time()
        self.set("process_start_time_seconds", (), self._started)

    def declare(self, way: str, tenant: str, read: str) -> None:
        """Begin the series of one check: counters at 0, its last success at the start."""
        labels = labels_of(way, tenant, read)
        self.set("tracing_check_attempts_total", labels, 0)
        for reason in REASONS:
            self.set("tracing_check_failures_total", (*labels, ("reason", reason)), 0)
        self.set("tracing_check_last_success_timestamp_seconds", labels, self._started)

    def succeeded(self, labels: Labels, seconds: float | None) -> None:
        """Count an attempt that succeeded, after these seconds from the write."""
        self._add("tracing_check_attempts_total", labels)
        self.set("tracing_check_last_success_timestamp_seconds", labels, time.time())
        if seconds is not None:
            self.set("tracing_check_seconds", labels, seconds)

    def failed(self, labels: Labels, reason: str) -> None:
        """Count an attempt that failed."""
        self._add("tracing_check_attempts_total", labels)
        self._add("tracing_check_failures_total", (*labels, ("reason", reason)))

    def set(self, name: str, labels: Labels, value: float) -> None:
        """Set one series."""
        with self._lock:
            self._values[name, labels] = value

    def text(self) -> str:
        """Return everything as Prometheus reads it."""
        with self._lock:
            values = dict(self._values)
        return "\n".join(_lines(values)) + "\n"

    def _add(self, name: str, labels: Labels) -> None:
        with self._lock:
            self._values[name, labels] = self._values.get((name, labels), 0) + 1


def labels_of(way: str, tenant: str, read: str) -> Labels:
    """Return the labels of one check."""
    return (("way", way), ("tenant", tenant), ("read", read))


def _lines(values: dict[tuple[str, Labels], float]) -> Iterator[str]:
    for name, (kind, explained) in _HELP.items():
        yield f"# HELP {name} {explained}"
        yield f"# TYPE {name} {kind}"
        for (of, labels), value in values.items():
            if of == name:
                shown = ",".join(f'{key}="{text}"' for key, text in labels)
                yield f"{name}{{{shown}}} {value:.3f}" if shown else f"{name} {value:.3f}"
