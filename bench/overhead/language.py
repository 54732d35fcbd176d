"""What the benchmark knows of a language: how its service is made and started, and how many spans it makes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from lab.progress import Progress
from settings.project import REPO

SERVICES = REPO / "bench" / "overhead" / "services"
ORDER, BARE = "/order", "/bare"
PLAIN, TRACED = "plain", "traced"


@dataclass(frozen=True)
class Launch:
    """A command, in which `{listen}` stands for address and port, and what its environment has on top."""

    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Prepared:
    """A service that is ready to start, PLAIN and TRACED, and the versions of what it consists of."""

    launches: Mapping[str, Launch]
    versions: str


@dataclass(frozen=True)
class Language:
    """A language; `rounds` are as much work as takes about 2 ms of CPU, `spans` are those of one operation."""

    name: str
    rounds: int
    spans: Mapping[str, int]
    # What a team can do about it, beside what works in every language.
    advice: str
    prepare: Callable[[Progress], Prepared]
    # Times the plan's warm-up.
    warm_up_factor: int = 1

    @property
    def folder(self) -> Path:
        """The folder of its service's source."""
        return SERVICES / self.name.lower()
