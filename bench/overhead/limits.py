"""The limits of the platform's decision record, and which of them a result does not meet."""

from dataclasses import dataclass

from bench.overhead.figures import Figures, Memory


@dataclass(frozen=True)
class Limits:
    """What tracing has to add less than: CPU in per cent, memory in bytes, milliseconds of an operation."""

    cpu_percent: float = 5.0
    memory_bytes: float = 100e6
    milliseconds: float = 1.0


LIMITS = Limits()
CPU, LATENCY, MEMORY = "CPU", "latency", "memory"


def exceeded(figures: Figures, limits: Limits = LIMITS) -> list[str]:
    """Return which limits of an operation are not met, by its medians."""
    met = {CPU: figures.percent[0] < limits.cpu_percent, LATENCY: figures.added_median < limits.milliseconds}
    return [name for name, is_met in met.items() if not is_met]


def too_much_memory(memory: Memory, limits: Limits = LIMITS) -> bool:
    """Return whether the memory's limit is not met."""
    return memory.added >= limits.memory_bytes


def enough_work(figures: Figures, limits: Limits = LIMITS) -> float:
    """Return from how many ms of CPU on an operation of as many spans stays below the CPU's limit."""
    return figures.added_cpu / (limits.cpu_percent / 100) / 1e3
