"""A connection of a stack: who connects to whom, on which ports, and why."""

from dataclasses import dataclass
from typing import Literal

Protocol = Literal["TCP", "UDP"]


@dataclass(frozen=True)
class Port:
    """A port of the Pod or host that is connected to."""

    number: int
    protocol: Protocol = "TCP"

    def __str__(self) -> str:
        """Return the form of the documentation's table."""
        return str(self.number) if self.protocol == "TCP" else f"{self.number}/{self.protocol}"


@dataclass(frozen=True)
class OwnPods:
    """Pods of this stack, by the names of their workloads."""

    workloads: tuple[str, ...]

    def __str__(self) -> str:
        """Return the form of the documentation's table."""
        return ", ".join(self.workloads)


@dataclass(frozen=True)
class OtherPods:
    """Pods of other owners: those of the named namespaces, without names of every one.

    With `label`, a key and a value, only those that carry it.
    """

    namespaces: tuple[str, ...] = ()
    label: tuple[str, str] | None = None

    def __str__(self) -> str:
        """Return the form of the documentation's table."""
        pods = "every Pod" if self.label is None else f"Pods {self.label[0]}={self.label[1]}"
        return f"{pods} in {' or '.join(self.namespaces) or 'every namespace'}"


@dataclass(frozen=True)
class Addresses:
    """Hosts that are no Pods, by networks in CIDR notation; never none."""

    networks: tuple[str, ...]

    def __post_init__(self) -> None:
        """Refuse an empty list: in a policy it would allow every peer."""
        if not self.networks:
            raise ValueError("an edge to no address at all: leave the edge out")

    def __str__(self) -> str:
        """Return the form of the documentation's table."""
        return ", ".join(self.networks)


Peer = OwnPods | OtherPods | Addresses


@dataclass(frozen=True, kw_only=True)
class Edge:
    """Each of `sources` connects to each of `targets` on each of `ports`; `name` is unique within a stack.

    At least one side is of this stack: a policy can only be about its own Pods.
    """

    name: str
    sources: tuple[Peer, ...]
    targets: tuple[Peer, ...]
    ports: tuple[Port, ...]
    why: str


def tcp(*numbers: int) -> tuple[Port, ...]:
    """Return TCP ports, each once."""
    return tuple(Port(number) for number in dict.fromkeys(numbers))
