"""ServiceMonitors find what they scrape."""

from collections.abc import Iterator

from policies.objects import labels, namespace, selects
from policies.resources import Resource, Stack
from policies.rule import Bounds, Severity, StackRule, Violation

_MONITOR = "kubernetes:monitoring.coreos.com/v1:ServiceMonitor"


def check(stack: Stack, _bounds: Bounds) -> Iterator[Violation]:
    """Yield each monitor that selects no Service, or a port that none of them has."""
    for monitor in stack.of_type(_MONITOR):
        services = [each for each in stack.of_type("kubernetes:core/v1:Service") if _watches(monitor, each)]
        if not services:
            yield Violation(monitor, "The ServiceMonitor selects no Service of this stack.")
            continue
        ports = {port["name"].text("") for service in services for port in service["spec"]["ports"].items()}
        for endpoint in monitor["spec"]["endpoints"].items():
            if (wanted := endpoint["port"].text("")) not in ports:
                shown = ", ".join(sorted(ports - {""})) or "none"
                yield Violation(
                    monitor,
                    f"No Service that it selects has the port {wanted or 'that it names'}; they have: {shown}.",
                )


def _watches(monitor: Resource, service: Resource) -> bool:
    where = monitor["spec"]["namespaceSelector"]
    namespaces = where["matchNames"].texts() or [namespace(monitor)]
    is_there = where["any"].flag(False) or namespace(service) in namespaces
    return is_there and selects(monitor["spec"]["selector"], labels(service["metadata"]))


RULE = StackRule(
    name="monitors-reach-services",
    promise="Every ServiceMonitor scrapes a port of a Service; otherwise alerts stay silent for good.",
    severity=Severity.MEDIUM,
    to_do="Correct the monitor's selector and the names of its ports.",
    check=check,
)
