"""What makes a kind of node: its daemons, their configuration, and the steps until it can be used."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lab.node.api import Api
from lab.node.daemons import Daemon
from lab.node.record import Record
from lab.progress import Step


@dataclass(frozen=True, kw_only=True)
class Start:
    """A node that is starting: its supervisor's record, its API server, and how to wait for a part of it.

    `wait` takes the part's name and a condition, and raises LabError when the part does not come up.
    """

    record: Record
    api: Api
    wait: Callable[[str, Callable[[], bool]], None]


@dataclass(frozen=True)
class StartStep:
    """One step of a start, shown under its name; every one may be done again on a node that runs."""

    name: str
    run: Callable[[Start, Step], None]


@dataclass(frozen=True, kw_only=True)
class NodeKind:
    """What `Node` and its supervisor act on, for the programs of one folder."""

    daemons: Sequence[Daemon]
    write_configs: Callable[[], None]
    steps: Sequence[StartStep]
