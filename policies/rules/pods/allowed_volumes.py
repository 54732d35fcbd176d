"""Pods mount only what the restricted profile allows."""

from collections.abc import Iterator, Mapping

from pydantic import Field

from policies.objects import name
from policies.pods import WORKLOADS, pod_spec
from policies.property import Property
from policies.resources import Resource
from policies.rule import Bounds, ResourceRule, Severity

# From the restricted profile of the Pod Security Standards.
_RESTRICTED = (
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "persistentVolumeClaim",
    "projected",
    "secret",
)


class VolumeBounds(Bounds):
    """What of its node a workload may mount."""

    host_paths: Mapping[str, tuple[str, ...]] = Field(
        {}, description="Paths of the node that a workload may mount, by the workload's name."
    )


def check(workload: Resource, bounds: VolumeBounds) -> Iterator[str]:
    """Yield each volume of a kind that is not allowed."""
    for volume in pod_spec(workload)["volumes"].items():
        mounted = f"volume {volume['name'].text()}"
        for source in sorted(_sources(volume) - {*_RESTRICTED}):
            if source != "hostPath":
                yield f"{mounted} is of the kind {source}; allowed: {', '.join(_RESTRICTED)}."
            elif (path := volume[source]["path"].text()) not in bounds.host_paths.get(name(workload), ()):
                yield f"{mounted} is the node's path {path}."


def _sources(volume: Property) -> set[str]:
    return {field for field, value in volume.fields().items() if field != "name" and not value.is_missing}


RULE = ResourceRule(
    name="pods-mount-no-node-paths",
    promise="Pods mount volumes of the restricted profile only, so nothing of their node.",
    severity=Severity.HIGH,
    to_do="Use an emptyDir with a size limit, or a claim.",
    controls=("CIS Kubernetes 1.12 5.2.12", "NSA C-0038"),
    bounds=VolumeBounds,
    types=WORKLOADS,
    check=check,
)
