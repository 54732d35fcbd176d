"""Claims outlive the workloads that made them."""

from collections.abc import Iterator

from pydantic import Field

from policies.resources import Resource
from policies.rule import Bounds, ResourceRule, Severity


class ClaimBounds(Bounds):
    """When the cluster may delete volumes."""

    when_deleted: bool = Field(True, description="Whether claims stay when their workload is deleted.")
    when_scaled: bool = Field(True, description="Whether claims stay when there are fewer replicas.")


def check(workload: Resource, bounds: ClaimBounds) -> Iterator[str]:
    """Yield a workload whose volumes the cluster deletes."""
    policy = workload["spec"]["persistentVolumeClaimRetentionPolicy"]
    if not workload["spec"]["volumeClaimTemplates"].items():
        return
    # Retain is Kubernetes' default for both.
    if bounds.when_deleted and policy["whenDeleted"].text("Retain") != "Retain":
        yield "The cluster deletes the volumes when the workload is deleted."
    if bounds.when_scaled and policy["whenScaled"].text("Retain") != "Retain":
        yield "The cluster deletes the volumes of replicas that are scaled away, with the traces on them."


RULE = ResourceRule(
    name="claims-outlive-workloads",
    promise="Traces on a volume survive the workload that wrote them.",
    severity=Severity.HIGH,
    to_do="Set environment.retain_stateful_on_delete, and persistentVolumeClaimRetentionPolicy to Retain.",
    bounds=ClaimBounds,
    types=("kubernetes:apps/v1:StatefulSet",),
    check=check,
)
