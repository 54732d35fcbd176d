"""Where Pods go: over zones and nodes where it can be had, and apart where two together are one loss."""

from collections.abc import Mapping

from pulumi_kubernetes.core import v1 as core
from pulumi_kubernetes.meta import v1 as meta

_NODE = "kubernetes.io/hostname"
_ZONE = "topology.kubernetes.io/zone"
# The heaviest weight of a wish.
_STRONGLY = 100


def spread(pods: Mapping[str, str]) -> list[core.TopologySpreadConstraintArgs]:
    """Return an even spread of the Pods with these labels over zones, and over nodes.

    A wish, not a condition: with one zone left everything still starts. Nodes are named too because a Pod
    that says anything about its spread loses the scheduler's own defaults.
    """
    return [
        core.TopologySpreadConstraintArgs(
            max_skew=1,
            topology_key=key,
            when_unsatisfiable="ScheduleAnyway",
            label_selector=meta.LabelSelectorArgs(match_labels=dict(pods)),
        )
        for key in (_ZONE, _NODE)
    ]


def one_a_node(pods: Mapping[str, str]) -> core.AffinityArgs:
    """Return that no node runs two of the Pods with these labels."""
    others = meta.LabelSelectorArgs(match_labels=dict(pods))
    return core.AffinityArgs(
        pod_anti_affinity=core.PodAntiAffinityArgs(
            required_during_scheduling_ignored_during_execution=[_away_from(others, _NODE)]
        )
    )


def apart_from(others: meta.LabelSelectorArgs) -> core.AffinityArgs:
    """Return that no node runs such a Pod beside one of these others, and if it can be had no zone does."""
    wished = core.WeightedPodAffinityTermArgs(weight=_STRONGLY, pod_affinity_term=_away_from(others, _ZONE))
    return core.AffinityArgs(
        pod_anti_affinity=core.PodAntiAffinityArgs(
            required_during_scheduling_ignored_during_execution=[_away_from(others, _NODE)],
            preferred_during_scheduling_ignored_during_execution=[wished],
        )
    )


def _away_from(others: meta.LabelSelectorArgs, topology_key: str) -> core.PodAffinityTermArgs:
    return core.PodAffinityTermArgs(label_selector=others, topology_key=topology_key)
