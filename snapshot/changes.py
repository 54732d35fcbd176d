"""What `pulumi up` would do: two recordings of the program compared, resource by resource.

The engine asks each resource's plugin the same; this needs no engine, cluster or account.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from snapshot.differences import Path, differences, touch
from snapshot.recorder import Registration, autoname
from snapshot.replacements import paths_by_provider, replacing_paths

SERVERS = tuple(f"kubernetes:apps/v1:{kind}" for kind in ("DaemonSet", "Deployment", "StatefulSet"))
_PROVIDERS = "pulumi:providers:"
CONFIG_MAP = "kubernetes:core/v1:ConfigMap"
_TEMPLATE: Path = ("spec", "template")
_DATA: tuple[Path, ...] = (("data",), ("binaryData",))


class Effect(StrEnum):
    """What happens to a resource.

    `RENEWED` is the replacement of an object whose name is generated: the new one exists before the old one goes.
    `IMPORTED`, which only the engine knows, is an existing resource that the stack takes over.
    `RELOADED` is a ConfigMap whose data changes in place. `GUARDED` changes only whether the engine protects or
    retains the resource.
    """

    CREATED = "created"
    DELETED = "deleted"
    REPLACED = "replaced"
    RENEWED = "renewed"
    RESTARTED = "restarted"
    RELOADED = "reloaded"
    UPDATED = "updated"
    GUARDED = "guarded"
    IMPORTED = "imported"


_UNDONE_BY_PROTECTION = (Effect.DELETED, Effect.REPLACED, Effect.RENEWED)


@dataclass(frozen=True)
class Change:
    """One resource that an update touches.

    `kind` is the last part of its type, and `name` its logical name. `read_by` are the logical names of the
    workloads that mount a reloaded ConfigMap and do not restart anyway.
    """

    effect: Effect
    kind: str
    name: str
    is_protected: bool
    read_by: tuple[str, ...] = ()

    @property
    def is_refused(self) -> bool:
        """Whether the engine refuses the whole update because of this change."""
        return self.is_protected and self.effect in _UNDONE_BY_PROTECTION


def changes(before: Sequence[Registration], after: Sequence[Registration]) -> list[Change]:
    """Return what happens to each resource that differs, by kind and name: the order of registration varies.

    Components are left out: they exist in the state alone.
    """
    comparison = _Comparison(before, after)
    found = [change for resource in after if resource.custom and (change := comparison.change(resource))]
    gone = [resource for resource in before if resource.custom and resource.urn not in comparison.after]
    found += [Change(Effect.DELETED, kind_of(resource), resource.name, resource.protect) for resource in gone]
    return sorted(found, key=lambda change: (change.kind, change.name))


class _Comparison:
    """Two recordings by URN, and the generated names that are drawn again."""

    def __init__(self, before: Iterable[Registration], after: Iterable[Registration]) -> None:
        self.before = {resource.urn: resource for resource in before}
        self.after = {resource.urn: resource for resource in after}
        self.new_names: frozenset[str] = frozenset()
        # Repeated: a Job that mounts a ConfigMap with a new name gets a new name itself.
        while (found := frozenset(self._new_names())) != self.new_names:
            self.new_names = found

    def _new_names(self) -> Iterator[str]:
        """Yield each generated name that is drawn again; under the recorder it is the same in every run."""
        for resource in self.after.values():
            if self.effect(resource) == Effect.RENEWED:
                yield autoname(resource.name)

    def change(self, new: Registration) -> Change | None:
        """Return what happens to a resource of the later recording, None for nothing."""
        if (effect := self.effect(new)) is None:
            return None
        old = self.before.get(new.urn)
        read_by = self._readers(new) if effect == Effect.RELOADED else ()
        return Change(effect, kind_of(new), new.name, bool(old and old.protect), read_by)

    def effect(self, new: Registration) -> Effect | None:
        """Return the strongest effect on a resource of the later recording, None for nothing."""
        old = self.before.get(new.urn)
        if old is None:
            return Effect.CREATED
        was, is_now = self._provider(self.before, old), self._provider(self.after, new)
        ignored = [tuple(path.split(".")) for path in new.ignored]
        own = [path for path in differences(old.inputs, new.inputs, self.new_names) if path not in ignored]
        paths = [*own, *paths_by_provider(new.type, was, is_now)]
        if touch(paths, replacing_paths(new, is_now)):
            return Effect.RENEWED if _has_generated_name(new) else Effect.REPLACED
        if new.type in SERVERS and touch(paths, [_TEMPLATE]):
            return Effect.RESTARTED
        if new.type == CONFIG_MAP and touch(paths, _DATA):
            return Effect.RELOADED
        return Effect.UPDATED if paths else _guard(old, new)

    @staticmethod
    def _provider(recording: Mapping[str, Registration], resource: Registration) -> Mapping[str, Any]:
        """Return the inputs of a resource's provider, nothing for the default provider."""
        provider = recording.get(resource.provider.rpartition("::")[0])
        return provider.inputs if provider else {}

    def _readers(self, config_map: Registration) -> tuple[str, ...]:
        """Return the workloads whose Pods mount a ConfigMap and keep running."""
        name = config_map.inputs["metadata"]["name"]
        servers = [resource for resource in self.after.values() if resource.type in SERVERS]
        running = [one for one in servers if self.effect(one) in (None, Effect.UPDATED, Effect.GUARDED)]
        return tuple(sorted(server.name for server in running if name in mounted(server)))


def _guard(old: Registration, new: Registration) -> Effect | None:
    same = (old.protect, old.retain_on_delete) == (new.protect, new.retain_on_delete)
    return None if same else Effect.GUARDED


def mounted(server: Registration) -> set[str]:
    """Return the names of the ConfigMaps that a workload's Pods mount, alone or projected beside others."""
    volumes = server.inputs["spec"]["template"]["spec"].get("volumes", ())
    projected = [source for volume in volumes for source in volume.get("projected", {}).get("sources", ())]
    return {source["configMap"]["name"] for source in (*volumes, *projected) if "configMap" in source}


def _has_generated_name(resource: Registration) -> bool:
    """Return whether the Kubernetes plugin names an object; resources of other plugins have no metadata."""
    return "name" not in resource.inputs.get("metadata", {"name": ""})


def kind_of(resource: Registration) -> str:
    """Return the last part of a resource's type."""
    return "Provider" if resource.type.startswith(_PROVIDERS) else resource.type.rpartition(":")[2]
