"""Kubernetes objects carry the platform's labels."""

from collections.abc import Iterator

from pydantic import Field

from policies.objects import OBJECTS, labels
from policies.pods import WORKLOADS, pod_template
from policies.resources import Resource
from policies.rule import Bounds, ResourceRule, Severity


class LabelBounds(Bounds):
    """Which labels everything carries."""

    required: tuple[str, ...] = Field(
        (
            "app.kubernetes.io/name",
            "app.kubernetes.io/instance",
            "app.kubernetes.io/part-of",
            "app.kubernetes.io/managed-by",
            "app",
            "component",
            "environment",
            "team",
        ),
        description="Labels with a value: Kubernetes' recommended ones, and those by which the platform bills and "
        "finds owners.",
    )


def check(object_: Resource, bounds: LabelBounds) -> Iterator[str]:
    """Yield an object, or the Pods of a workload, without one of the labels."""
    places = {"The object": object_["metadata"]}
    if object_.type in WORKLOADS and not object_.type.endswith(":Pod"):
        places["The Pod template"] = pod_template(object_)["metadata"]
    for what, metadata in places.items():
        found = labels(metadata)
        if missing := [label for label in bounds.required if not found.get(label)]:
            yield f"{what} lacks the labels {', '.join(missing)}."


RULE = ResourceRule(
    name="objects-carry-labels",
    promise="Everybody sees of every object what it belongs to, in which environment, and whose it is.",
    severity=Severity.LOW,
    to_do="Make its metadata as every component of this program does.",
    bounds=LabelBounds,
    types=OBJECTS,
    check=check,
)
