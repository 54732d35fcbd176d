"""How long and how fast each service is used; what an operation is."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bench.overhead.language import BARE, ORDER


@dataclass(frozen=True)
class Plan:
    """One run: the same operations for every service, plain and traced."""

    # How often both services are started and measured; a median that one disturbed run does not move.
    repetitions: int = 3
    # As fast as it can, before anything counts: caches, pools, and code that has to be compiled, for which a
    # language may take longer.
    warm_up_seconds: float = 6.0
    seconds: Mapping[str, float] = field(default_factory=lambda: {ORDER: 5.0, BARE: 3.0})
    # Operations a second. An order takes about 4 ms of CPU: well below what one core can do.
    rates: Mapping[str, float] = field(default_factory=lambda: {ORDER: 100.0, BARE: 300.0})
    # What the stock's answer takes, as that of a database.
    wait_milliseconds: int = 5

    def operations(self, path: str) -> int:
        """Return how many operations of a path one measurement has."""
        return round(self.rates[path] * self.seconds[path])
