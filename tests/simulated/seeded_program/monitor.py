"""Break registrations on their way to the engine, as `tests.support.seeded` breaks recorded ones."""

import copy
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from google.protobuf import json_format, struct_pb2
from pulumi.runtime.proto import resource_pb2

from tests.seeds.seed import Added, Edit, Seed


class SeededMonitor:
    """Passes every call on to the engine's monitor; registrations are edited, left out or added.

    `failed` has a reason for each seed whose edit could not be made: mostly, the value is unknown at a preview.
    """

    def __init__(self, monitor: Any, seeds: Sequence[Seed], report: Path) -> None:
        """Plant the seeds; failures are written to `report`, a JSON mapping from seed to reason."""
        self._monitor, self._seeds, self._report = monitor, seeds, report
        self._removed: dict[str, str] = {}
        self.failed: dict[str, str] = {}

    def __getattr__(self, name: str) -> Any:
        """Return the engine's own method."""
        return getattr(self._monitor, name)

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 - the SDK's own interface
        """Register a resource as the seeds want it, and those that they add beside it."""
        original = resource_pb2.RegisterResourceRequest()
        original.CopyFrom(request)
        self._forget_removed(original)
        if any(request.name in seed.removed for seed in self._seeds):
            return self._left_out(original)
        answer = self._monitor.RegisterResource(self._edited(original))
        for added in self._added_like(original):
            self._monitor.RegisterResource(added)
        return answer

    def RegisterResourceOutputs(self, request: Any) -> Any:  # noqa: N802 - the SDK's own interface
        """Register a component's outputs unless it was left out."""
        return None if request.urn in self._removed else self._monitor.RegisterResourceOutputs(request)

    def _left_out(self, request: Any) -> Any:
        """Answer as the engine at a preview would: the outputs are the inputs."""
        urn = f"urn:pulumi:removed::removed::{request.type}::{request.name}"
        self._removed[urn] = request.parent
        return resource_pb2.RegisterResourceResponse(urn=urn, object=request.object)

    def _forget_removed(self, request: Any) -> None:
        """Take out what refers to resources that were left out, which the engine does not know."""
        while request.parent in self._removed:
            request.parent = self._removed[request.parent]
        kept = [urn for urn in request.dependencies if urn not in self._removed]
        del request.dependencies[:]
        request.dependencies.extend(kept)
        for name, found in list(request.propertyDependencies.items()):
            urns = [urn for urn in found.urns if urn not in self._removed]
            request.propertyDependencies[name].CopyFrom(
                resource_pb2.RegisterResourceRequest.PropertyDependencies(urns=urns)
            )

    def _edited(self, request: Any) -> Any:
        edits = [(seed, seed.edits[request.name]) for seed in self._seeds if request.name in seed.edits]
        if not edits or not request.custom:
            return request
        inputs = _plain(json_format.MessageToDict(request.object))
        for seed, edit in edits:
            inputs = self._planted(seed, edit, inputs)
        broken = resource_pb2.RegisterResourceRequest()
        broken.CopyFrom(request)
        broken.object.CopyFrom(_struct(inputs))
        return broken

    def _planted(self, seed: Seed, edit: Edit, inputs: dict[str, Any]) -> dict[str, Any]:
        """Return the inputs with an edit, or as they are if it cannot be made."""
        changed = copy.deepcopy(inputs)
        try:
            edit(changed)
        except Exception as error:  # noqa: BLE001 - an edit meets any shape, such as the mark of an unknown value
            self._fail(seed, f"{type(error).__name__}: {error}")
            return inputs
        if changed == inputs:
            self._fail(seed, "the edit changes nothing")
        return changed

    def _fail(self, seed: Seed, reason: str) -> None:
        self.failed[seed.name] = reason
        self._report.write_text(json.dumps(self.failed), encoding="utf-8")

    def _added_like(self, request: Any) -> Iterable[Any]:
        for seed in self._seeds:
            yield from (_new(added, request) for added in seed.added if added.like == request.name)


def _new(added: Added, like: Any) -> Any:
    request = resource_pb2.RegisterResourceRequest()
    request.CopyFrom(like)
    request.type, request.name = added.type, added.name
    request.object.CopyFrom(_struct(added.inputs))
    for cleared in ("dependencies", "propertyDependencies", "aliases", "protect", "ignoreChanges"):
        request.ClearField(cleared)
    return request


def _struct(inputs: Any) -> struct_pb2.Struct:
    return json_format.ParseDict(inputs, struct_pb2.Struct())


def _plain(value: Any) -> Any:
    """Return inputs with whole numbers as such, as edits expect them."""
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
