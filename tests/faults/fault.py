"""A fault of real parts: what is done, for how long, what may be lost by it, and which alerts have to say so."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any

from tests.faults.sender import Sender
from tests.support.live import LiveStack


@dataclass(frozen=True, kw_only=True)
class Loss:
    """A way in which accepted spans may be lost by a fault, as docs/loss.md names it.

    With a `counter` of a `component`, the lost spans are exactly its growth. Without, nothing counts them, and
    they are at most those of the kept traces of `most_seconds`. `by_decision`: nothing is lost where all is kept.
    """

    why: str
    # Words of docs/loss.md where the loss is described.
    documented: str
    component: str = ""
    counter: str = ""
    most_seconds: float = 0.0
    by_decision: bool = False


@dataclass(frozen=True, kw_only=True)
class Fault:
    """A fault that lasts as long as its block; the block restores what it changed, however it is left.

    Traces are sent for `seconds` inside the block, and while it is entered and left. `settle_seconds` later every
    kept trace is readable. `overlay` holds the settings that the fault needs, and `prepared` keeps what these need
    in the cluster before they are deployed. `also` may send traces of its own through the sender. At least
    `alerts` fire. `refuses`: it may last longer than the sender repeats a request.
    """

    name: str
    # One sentence: what is done to the real parts.
    what: str
    block: Callable[[LiveStack], AbstractContextManager[None]]
    seconds: float
    settle_seconds: float
    losses: tuple[Loss, ...] = ()
    alerts: frozenset[str] = frozenset()
    also: Callable[[Sender], None] = lambda _: None
    refuses: bool = False
    overlay: dict[str, Any] = field(default_factory=dict)
    prepared: Callable[[LiveStack], AbstractContextManager[None]] = lambda _: nullcontext()
    # The gateway's ceiling gives traces up: their share is judged by its order, and the losses are counted with
    # those of other traffic.
    gives_up: bool = False
    # Others send as well, whose spans Tempo's counter cannot tell from copies.
    other_traffic: bool = False
    # What has to reach the gateway, or it is no overload.
    spans_per_second: float = 0.0
    # Part of `make verify`.
    quick: bool = False
