"""Volumes and what contains them are not deleted by mistake."""

from collections.abc import Iterator

from policies.objects import kind
from policies.resources import Resource
from policies.rule import Bounds, ResourceRule, Severity


def check(resource: Resource, _bounds: Bounds) -> Iterator[str]:
    """Yield a namespace, a claim or a workload with claims that an update may delete."""
    holds_data = kind(resource) != "StatefulSet" or bool(resource["spec"]["volumeClaimTemplates"].items())
    if holds_data and not resource.is_protected:
        yield "An update may delete it, and the traces on its volumes with it."


RULE = ResourceRule(
    name="volumes-are-protected",
    promise="No change of the program deletes traces that are not in the bucket yet.",
    severity=Severity.CRITICAL,
    to_do="Set environment.protect_stateful.",
    types=(
        "kubernetes:apps/v1:StatefulSet",
        "kubernetes:core/v1:Namespace",
        "kubernetes:core/v1:PersistentVolumeClaim",
    ),
    check=check,
)
