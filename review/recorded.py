"""A recording of the program as rules see a stack, without an engine.

Unlike at the engine's first preview, no value is unknown.
"""

from collections.abc import Mapping
from typing import Any

from policies.property import Property
from policies.resources import Resource, Stack
from snapshot.recorder import Recorder, Registration, autoname


def recorded_stack(recorder: Recorder, config: Mapping[str, object]) -> Stack:
    """Return the resources of a recording; `config` is what the stack file has below `config:`."""
    by_urn = {found.urn: found for found in recorder.registrations}
    return Stack([_resource(found, recorder, by_urn) for found in recorder.registrations], config)


def _resource(found: Registration, recorder: Recorder, by_urn: Mapping[str, Registration]) -> Resource:
    # The reference of a provider is its URN and its id.
    provider = by_urn.get(found.provider.rpartition("::")[0])
    return Resource(
        urn=found.urn,
        type=found.type,
        name=found.name,
        properties=Property(_named(found) if found.custom else recorder.outputs.get(found.urn, {})),
        is_protected=found.protect,
        parent=found.parent,
        depends_on=found.property_dependencies,
        provider=Property(provider.inputs if provider else {}),
        ignored=found.ignored,
    )


def _named(found: Registration) -> dict[str, Any]:
    """Return a resource's inputs; a Kubernetes object without a name gets the one that the recorder gave it."""
    metadata = found.inputs.get("metadata")
    if not isinstance(metadata, dict) or "name" in metadata:
        return found.inputs
    return {**found.inputs, "metadata": {**metadata, "name": autoname(found.name)}}
