"""Servers are probed, in a way that does not restart them when they are only busy."""

from collections.abc import Iterator

from pydantic import Field

from policies.pods import SERVERS, has_port, name_of, pod_spec, shown_ports
from policies.property import Property
from policies.resources import Resource
from policies.rule import Bounds, ResourceRule, Severity

_HANDLERS = ("httpGet", "tcpSocket", "grpc", "exec")


class ProbeBounds(Bounds):
    """Which endpoints tell more than whether a process works."""

    readiness_paths: tuple[str, ...] = Field(
        ("/ready", "/readyz", "/minio/health/ready"),
        description="Endpoints that also tell whether other servers work, or whether the server has read its log: "
        "a liveness probe that asked them would restart a server that needs time.",
    )


def check(workload: Resource, bounds: ProbeBounds) -> Iterator[str]:
    """Yield each container that is not probed, at a port that it lacks, or at an endpoint that hurts."""
    for container in pod_spec(workload)["containers"].items():
        for probe in ("readinessProbe", "livenessProbe"):
            if container[probe].is_missing:
                yield f"{name_of(container)} has no {probe}."
            else:
                yield from _wrong_port(container, probe)
        liveness, readiness = container["livenessProbe"], container["readinessProbe"]
        path = liveness["httpGet"]["path"].text("")
        if path in bounds.readiness_paths:
            yield f"The livenessProbe of {name_of(container)} asks {path}, which tells of readiness."
        elif _endpoint(liveness) == _endpoint(readiness) and _endpoint(liveness):
            yield from _restarted_early(container)


def _wrong_port(container: Property, probe: str) -> Iterator[str]:
    for handler in ("httpGet", "tcpSocket"):
        port = container[probe][handler]["port"]
        if not port.is_missing and not has_port(container, port):
            yield (
                f"The {probe} of {name_of(container)} asks port {_shown(port)}, which is none of the container's: "
                f"{shown_ports(container)}."
            )


def _restarted_early(container: Property) -> Iterator[str]:
    ends, leaves = _seconds(container["livenessProbe"]), _seconds(container["readinessProbe"])
    if ends <= leaves:
        yield (
            f"{name_of(container)} is restarted after {ends:.0f} s without an answer and leaves its Service after "
            f"{leaves:.0f} s: the same endpoint must fail readiness first."
        )


def _seconds(probe: Property) -> float:
    # Kubernetes' defaults.
    return probe["periodSeconds"].number(10) * probe["failureThreshold"].number(3)


def _endpoint(probe: Property) -> object:
    return {name: probe[name].plain() for name in _HANDLERS if not probe[name].is_missing}


def _shown(port: Property) -> str:
    return port.text() if isinstance(port.value, str) else f"{port.number():.0f}"


RULE = ResourceRule(
    name="pods-have-probes",
    promise="Every server is restarted when it hangs, and gets requests only when it can answer them.",
    severity=Severity.MEDIUM,
    to_do="Set a readinessProbe, and a livenessProbe that asks the process only and is more patient.",
    bounds=ProbeBounds,
    types=SERVERS,
    check=check,
)
