"""Disruption budgets: how many Pods a node drain may evict at a time."""

from collections.abc import Mapping

from pulumi_kubernetes.meta import v1 as meta
from pulumi_kubernetes.policy import v1 as policy

from components.kubernetes.scope import Scope


def disruption_budget(
    scope: Scope, replicas: int, pods: Mapping[str, str] | None = None, role: str = "budget"
) -> policy.PodDisruptionBudget | None:
    """Create a budget of one Pod at a time for the workload's Pods, or for those with the labels `pods`.

    A single replica gets none: `maxUnavailable: 1` would protect nothing, and with `minAvailable: 1` its node
    could never be drained. One at a time is also what a ring with three copies of everything tolerates.

    A Pod that is not ready may always be evicted. By default it may not while the workload is short of ready
    Pods, so Pods that crash on a wrong configuration would block every node drain. This holds for ingesters too:
    one that replays its log loses nothing, because the log is on its volume and the replay starts again, and it
    serves nobody until it is ready.
    """
    if replicas <= 1:
        return None
    return policy.PodDisruptionBudget(
        scope.child(role),
        metadata=scope.metadata(),
        spec=policy.PodDisruptionBudgetSpecArgs(
            max_unavailable=1,
            unhealthy_pod_eviction_policy="AlwaysAllow",
            selector=meta.LabelSelectorArgs(match_labels=dict(pods or scope.pods)),
        ),
        opts=scope.options,
    )
