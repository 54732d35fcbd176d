"""A collector shows what it drops."""

from collections.abc import Iterator

from policies.collectors import Collector, collectors, services_of
from policies.property import Property
from policies.resources import Stack
from policies.rule import Bounds, Severity, StackRule, Violation

# Hosts that nobody outside the Pod reaches; it is also the collector's default.
_LOCAL = {"localhost", "127.0.0.1", "::1"}


def check(stack: Stack, _bounds: Bounds) -> Iterator[Violation]:
    """Yield each collector whose own metrics are off, inside its Pod only, or at no port of a Service."""
    for collector in collectors(stack):
        metrics = collector.document["service"]["telemetry"]["metrics"]
        if metrics["level"].text("normal") == "none":
            yield _violation(collector, "exposes no metrics of its own (level: none)")
            continue
        ports = [_port(reader) for reader in metrics["readers"].items()]
        reachable = {port for port in ports if port}
        if not reachable:
            yield _violation(collector, "exposes its own metrics to nobody outside its Pod")
        elif not reachable & set(_service_ports(stack, collector)):
            shown = ", ".join(f"{port:g}" for port in sorted(reachable))
            yield _violation(collector, f"exposes its own metrics at port {shown}, which no Service has")


def _violation(collector: Collector, what: str) -> Violation:
    return Violation(collector.config_map, f"The collector of {collector.workload.name} {what}.")


def _port(reader: Property) -> float:
    """Return the port of a reader that others may scrape, 0 if there is none."""
    prometheus = reader["pull"]["exporter"]["prometheus"]
    if prometheus.is_missing or prometheus["host"].text("localhost") in _LOCAL:
        return 0
    return prometheus["port"].number(8888)


def _service_ports(stack: Stack, collector: Collector) -> Iterator[float]:
    """Yield the container's ports that Services lead to; they may name them."""
    by_name = {
        port["name"].text(""): port["containerPort"].number() for port in collector.container["ports"].items()
    }
    for service in services_of(stack, collector.workload):
        for port in service["spec"]["ports"].items():
            target = port["port"] if port["targetPort"].is_missing else port["targetPort"]
            yield by_name.get(target.text(), 0) if isinstance(target.value, str) else target.number()


RULE = StackRule(
    name="collectors-expose-their-metrics",
    promise="Prometheus can see what each collector receives, sends, refuses and drops.",
    severity=Severity.MEDIUM,
    to_do="Add a prometheus reader with host '' to service.telemetry.metrics, and its port to the Service.",
    check=check,
)
