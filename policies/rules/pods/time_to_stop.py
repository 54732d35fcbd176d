"""Servers have time to hand over what they hold."""

from collections.abc import Iterator

from pydantic import Field

from policies.pods import SERVERS, pod_spec
from policies.resources import Resource
from policies.rule import Bounds, ResourceRule, Severity


class StopBounds(Bounds):
    """How long a server may take to stop."""

    min_seconds: int = Field(20, ge=0, description="Shortest time for any server.")
    min_seconds_with_claims: int = Field(
        20, ge=0, description="Shortest time for a server that keeps data on volumes of its own."
    )


def check(workload: Resource, bounds: StopBounds) -> Iterator[str]:
    """Yield a server that is killed too early."""
    has_claims = bool(workload["spec"]["volumeClaimTemplates"].items())
    shortest = bounds.min_seconds_with_claims if has_claims else bounds.min_seconds
    # Kubernetes' default.
    given = pod_spec(workload)["terminationGracePeriodSeconds"].number(30)
    if given < shortest:
        yield f"The Pod is killed {given:.0f} s after it is told to stop; the shortest time is {shortest} s."


RULE = ResourceRule(
    name="pods-have-time-to-stop",
    promise="A server that is told to stop can send or store the traces that it holds.",
    severity=Severity.HIGH,
    to_do="Raise terminationGracePeriodSeconds.",
    bounds=StopBounds,
    types=SERVERS,
    check=check,
)
