"""The Kubernetes cluster that a stack is deployed to."""

from typing import Annotated

from pydantic import Field

from settings.base import DnsSubdomain, Section

# What kubectl accepts; `aws eks update-kubeconfig` names contexts by the cluster's ARN.
ContextName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:/@-]{0,252}$")]


class Cluster(Section):
    """Which cluster it is, and what its storage requires."""

    context: ContextName | None = Field(
        default=None,
        description="Context of the kubeconfig that names the cluster; without it the current context is used, "
        "whichever that is. One that is the ARN of an EKS cluster must be that of `object_store.aws.eks_cluster`; "
        "of other names and of the current context only `make ready` sees which cluster they lead to.",
    )
    storage_class: DnsSubdomain | None = Field(
        default=None,
        description="StorageClass of all volume claims; without it the cluster's default, which EKS does not have "
        "since 1.30. It cannot change while volumes exist.",
    )
    rollout_timeout_minutes: int = Field(
        default=15,
        ge=5,
        le=120,
        description="How long a deployment waits for a workload's Pods. The first one pulls images and creates "
        "volumes and nodes; a later one restarts ingesters one by one, each of which reads the log on its volume.",
    )

    @property
    def rollout_timeout_seconds(self) -> int:
        """`rollout_timeout_minutes` in seconds."""
        return self.rollout_timeout_minutes * 60
