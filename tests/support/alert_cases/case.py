"""What a case of an alert is made of: series with a healthy hour, a fault and an hour after it, and what fires."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from plan.plan import Plan
from settings.stack import StackSettings

# Minutes of the phases. Windows of the alerts reach up to an hour back.
HEALTHY, FAULT, AFTER = 60, 30, 60


@dataclass(frozen=True, kw_only=True)
class Series:
    """A series as Prometheus scrapes it every minute; None means that the target does not expose it.

    Of a counter, `healthy` and `fault` are what it grows by in a minute; of a gauge they are its value. A `clock`
    is a counter that is where it would be without the fault as soon as that ends.
    """

    name: str
    labels: Mapping[str, str] = field(default_factory=dict)
    healthy: float | None
    fault: float | None
    counter: bool = False
    clock: bool = False

    @property
    def selector(self) -> str:
        """The series as promtool names it."""
        pairs = (f'{name}="{value}"' for name, value in self.labels.items())
        return f"{self.name}{{{', '.join(pairs)}}}"

    def values(self, healthy_minutes: int, fault_minutes: int, after_minutes: int) -> str:
        """Return its samples in promtool's notation: two numbers and how often the second is added."""
        phases = ((healthy_minutes, self.healthy), (fault_minutes, self.fault), (after_minutes, self.healthy))
        return " ".join(self._counted(phases) if self.counter else map(_constant, phases))

    def _counted(self, phases: tuple[tuple[int, float | None], ...]) -> Iterator[str]:
        total = 0.0
        for minutes, step in phases:
            if step is None:
                yield _constant((minutes, None))
            else:
                yield f"{total:g}{step:+g}x{minutes - 1}"
                total += (self.healthy or 0 if self.clock else step) * minutes


@dataclass(frozen=True, kw_only=True)
class Firing:
    """An alert that fires: its labels besides `severity`, and what its annotations say.

    Without a `description` it is the rule's, in which only labels may be inserted.
    """

    labels: Mapping[str, str] = field(default_factory=dict)
    summary: str
    description: str = ""
    annotations: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Story:
    """What happens to a stack, and which alerts of one name fire at the end of the fault.

    The minutes of the phases are longer where an alert looks further back, or waits for longer.
    """

    series: tuple[Series, ...]
    fires: tuple[Firing, ...]
    fault_minutes: int = FAULT
    healthy_minutes: int = HEALTHY
    after_minutes: int = AFTER


Case = Callable[[StackSettings, Plan], Story]


def gauge(name: str, healthy: float | None, fault: float | None, /, **labels: str) -> Series:
    """Return a series with a value before and after the fault, and one during it."""
    return Series(name=name, labels=labels, healthy=healthy, fault=fault)


def counter(name: str, healthy: float | None, fault: float | None, /, **labels: str) -> Series:
    """Return a series that grows by so much a minute before and after the fault, and by so much during it."""
    return Series(name=name, labels=labels, healthy=healthy, fault=fault, counter=True)


def clock(name: str, fault: float, /, **labels: str) -> Series:
    """Return a series whose value is the time in seconds, but goes on by so much a minute during the fault."""
    return Series(name=name, labels=labels, healthy=60, fault=fault, counter=True, clock=True)


def job(settings: StackSettings, name: str) -> str:
    """Return the label `job` of a target; the one process of a monolithic Tempo is every component of it."""
    monolith = settings.tempo.deployment_mode == "monolithic"
    collectors = {"otel-agent", "otel-gateway"}
    return f"{settings.environment.namespace}/{'tempo' if monolith and name not in collectors else name}"


def _constant(phase: tuple[int, float | None]) -> str:
    """Return equal samples. A missing series ends with a marker, as when a target no longer exposes it."""
    minutes, value = phase
    return f"stale _x{minutes - 1}" if value is None else f"{value:g}+0x{minutes - 1}"
