"""Workloads select their own Pods."""

from collections.abc import Iterator

from policies.objects import selects
from policies.pods import SERVERS, pod_labels
from policies.resources import Resource
from policies.rule import Bounds, ResourceRule, Severity


def check(workload: Resource, _bounds: Bounds) -> Iterator[str]:
    """Yield a workload whose selector does not match its template, or matches everything."""
    selector = workload["spec"]["selector"]
    if not {*selector["matchLabels"].fields()} and not selector["matchExpressions"].items():
        yield "The selector is empty, so it would select the Pods of other workloads."
    elif not selects(selector, pod_labels(workload)):
        yield "The selector does not select the workload's own Pods by their labels."


RULE = ResourceRule(
    name="workloads-select-their-pods",
    promise="A workload counts its own Pods, and no others.",
    severity=Severity.MEDIUM,
    to_do="Give the Pod template every label of spec.selector.",
    types=SERVERS,
    check=check,
)
