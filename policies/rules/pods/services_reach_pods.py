"""Services send requests to Pods that listen."""

from collections.abc import Iterator

from policies.objects import name, namespace
from policies.pods import has_port, pod_spec, selected_by_service
from policies.property import Property
from policies.resources import Resource, Stack
from policies.rule import Bounds, Severity, StackRule, Violation

_SERVICE = "kubernetes:core/v1:Service"
_STATEFUL_SET = "kubernetes:apps/v1:StatefulSet"


def check(stack: Stack, _bounds: Bounds) -> Iterator[Violation]:
    """Yield each Service without Pods or with a port that they lack, and each StatefulSet without its Service."""
    services = stack.of_type(_SERVICE)
    for service in services:
        for sentence in _dangling(stack, service):
            yield Violation(service, sentence)
    known = {(name(each), namespace(each)) for each in services}
    for workload in stack.of_type(_STATEFUL_SET):
        wanted = workload["spec"]["serviceName"].text("")
        if (wanted, namespace(workload)) not in known:
            yield Violation(workload, f"Its Pods have no names in DNS: there is no Service {wanted or 'named'}.")


def _dangling(stack: Stack, service: Resource) -> Iterator[str]:
    workloads = selected_by_service(stack, service) if service["spec"]["selector"].fields() else []
    if not workloads:
        yield "The Service selects no Pods of this stack."
    for port in service["spec"]["ports"].items():
        target = port["port"] if port["targetPort"].is_missing else port["targetPort"]
        for workload in workloads:
            if not any(has_port(each, target) for each in pod_spec(workload)["containers"].items()):
                yield f"Port {_shown(port)} leads to a port that no container of {name(workload)} declares."


def _shown(port: Property) -> str:
    return port["name"].text(f"{port['port'].number():.0f}")


RULE = StackRule(
    name="services-reach-pods",
    promise="Every Service leads to Pods of this stack that listen on its ports.",
    severity=Severity.HIGH,
    to_do="Correct the Service's selector and targetPort, or the labels and ports of the Pods.",
    check=check,
)
