"""A cluster in memory: what the stand-in asks an API server for, without the server."""

from collections.abc import Callable
from copy import deepcopy

from lab.providers.kubernetes.cluster import FIELD_MANAGER, Cluster, KindMissingError
from lab.providers.kubernetes.connection import ApiError
from lab.providers.values import Json

_OURS = [{"manager": FIELD_MANAGER, "operation": "Apply"}]


class FakeCluster(Cluster):
    """Objects by kind, namespace and name. `change` is called on every look, as controllers would act."""

    def __init__(self) -> None:
        """Start empty, without a connection."""
        self.namespace = "default"
        self.objects: dict[tuple[str, ...], Json] = {}
        self.refusals: list[ApiError] = []
        self.applied: list[Json] = []
        self.change: Callable[[], None] = lambda: None
        self.lists: dict[str, list[Json]] = {}
        self.missing: dict[str, KindMissingError] = {}

    def put(self, live: Json) -> None:
        """Have an object that somebody else made."""
        self.objects[_key(live)] = live

    def namespaced(self, api_version: str, kind: str) -> bool:
        """Know one kind that is cluster-wide."""
        del api_version
        return kind != "Namespace"

    def get(self, manifest: Json) -> Json | None:
        """Look, after the controllers acted."""
        if manifest["kind"] in self.missing:
            raise self.missing[manifest["kind"]]
        self.change()
        return deepcopy(self.objects.get(_key(manifest)))

    def apply(
        self,
        manifest: Json,
        *,
        dry_run: bool = False,
        force: bool = False,
        warn: Callable[[str], None] = lambda _: None,
    ) -> Json:
        """Take the manifest as it is, unless a refusal is due."""
        del force, warn
        if manifest["kind"] in self.missing:
            raise self.missing[manifest["kind"]]
        if self.refusals:
            raise self.refusals.pop(0)
        live = {**deepcopy(manifest), "metadata": {**manifest["metadata"], "managedFields": _OURS}}
        if not dry_run or _key(manifest) in self.objects:
            # As the server does: what would be created has no version yet.
            live["metadata"]["resourceVersion"] = "1"
        if not dry_run:
            self.applied.append(manifest)
            self.objects[_key(manifest)] = live
        return live

    def delete(self, manifest: Json, propagation: str) -> None:
        """Mark it; `change` decides when it goes."""
        if live := self.objects.get(_key(manifest)):
            live["metadata"]["deletionTimestamp"] = propagation

    def list(self, api_version: str, kind: str, namespace: str | None, **selectors: str) -> list[Json]:
        """List what the test prepared for a kind."""
        del api_version, namespace, selectors
        return self.lists.get(kind, [])


def _key(manifest: Json) -> tuple[str, ...]:
    metadata = manifest["metadata"]
    return manifest["kind"], metadata.get("namespace", ""), metadata["name"]
