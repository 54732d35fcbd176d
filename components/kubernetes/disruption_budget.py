"""How many Pods a drain of nodes may take at a time."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
from pulumi_kubernetes.meta import v1 as meta
from pulumi_kubernetes.policy import v1 as policy


@dataclass(frozen=True, kw_only=True)
class DisruptionBudgetArgs:
    """Whose budget: what it is called, the labels of the Pods, and how many always run."""

    name: str
    namespace: pulumi.Input[str]
    labels: Mapping[str, str]
    pods: Mapping[str, str]
    replicas: int


def disruption_budget(
    name: str, parent: pulumi.Resource, args: DisruptionBudgetArgs
) -> policy.PodDisruptionBudget | None:
    """Create a budget of one Pod at a time, only where there is more than one.

    Over a single Pod a budget protects nothing that a drain would not wait for, and with `minAvailable: 1` its
    node could never be drained. One at a time is also what a ring with three copies of everything bears.
    """
    if args.replicas <= 1:
        return None
    return policy.PodDisruptionBudget(
        name,
        metadata=meta.ObjectMetaArgs(name=args.name, namespace=args.namespace, labels=dict(args.labels)),
        spec=policy.PodDisruptionBudgetSpecArgs(
            max_unavailable=1, selector=meta.LabelSelectorArgs(match_labels=dict(args.pods))
        ),
        opts=pulumi.ResourceOptions(parent=parent),
    )
