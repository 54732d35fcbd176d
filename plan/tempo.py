"""The processes of a Tempo of microservices: how many of each, how large."""

from dataclasses import dataclass
from typing import Literal

from settings.base import Resources

WorkloadKind = Literal["deployment", "statefulset"]


@dataclass(frozen=True, kw_only=True)
class TempoWorkload:
    """One component of Tempo as a workload.

    `target` is Tempo's own name of it (`-target=`). `replicas` run always; a `max_replicas` above it lets an
    autoscaler add more. `volume_size_gib` is each replica's disk, None for a scratch volume. `uses_store` says
    that it talks to the object store, and so needs the identity that may. `zone` is set where Tempo itself
    must know it: live stores of 3.x.
    """

    target: str
    kind: WorkloadKind
    replicas: int
    max_replicas: int
    resources: Resources
    uses_store: bool
    volume_size_gib: int | None = None
    zone: str | None = None

    @property
    def name(self) -> str:
        """The workload's name within Tempo: `ingester`, `live-store-zone-a`."""
        return f"{self.target}-{self.zone}" if self.zone else self.target
