"""The volume that holds a directory of a container."""

from dataclasses import dataclass
from pathlib import PurePosixPath

from policies.pods import pod_template
from policies.property import Property
from policies.resources import Resource
from policies.units import quantity


@dataclass(frozen=True)
class Volume:
    """A volume's kind, as `emptyDir`, and its size in bytes, None if it has none."""

    kind: str
    size: float | None


def volume_of(workload: Resource, container: Property, directory: str) -> Volume | None:
    """Return the volume that is mounted at a directory or the nearest one above it, None if there is none."""
    wanted = PurePosixPath(directory)
    mounts = [
        (PurePosixPath(mount["mountPath"].text("")), mount["name"].text(""))
        for mount in container["volumeMounts"].items()
    ]
    above = [(path, name) for path, name in mounts if path == wanted or path in wanted.parents]
    if not above:
        return None
    _, name = max(above, key=lambda one: len(one[0].parts))
    return _template(workload, name) or _in_pod(workload, name)


def _template(workload: Resource, name: str) -> Volume | None:
    if not workload.type.endswith(":StatefulSet"):
        return None
    for claim in workload["spec"]["volumeClaimTemplates"].items():
        if claim["metadata"]["name"].text("") == name:
            return Volume("volumeClaimTemplate", _size(claim["spec"]["resources"]["requests"]["storage"]))
    return None


def _in_pod(workload: Resource, name: str) -> Volume | None:
    for volume in pod_template(workload)["spec"]["volumes"].items():
        if volume["name"].text("") == name:
            kind = next((key for key in volume.fields() if key != "name"), "")
            claim = volume["ephemeral"]["volumeClaimTemplate"]["spec"]["resources"]["requests"]["storage"]
            return Volume(kind, _size(claim if kind == "ephemeral" else volume[kind]["sizeLimit"]))
    return None


def _size(amount: Property) -> float | None:
    return None if amount.is_missing else quantity(amount)
