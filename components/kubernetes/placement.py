"""Placement of Pods: spread over zones and nodes, and apart where losing two at once loses data."""

from collections.abc import Mapping

from pulumi_kubernetes.core import v1 as core
from pulumi_kubernetes.meta import v1 as meta

_NODE = "kubernetes.io/hostname"
_ZONE = "topology.kubernetes.io/zone"
# The highest weight of a preferred term.
_HIGHEST_WEIGHT = 100


def spread(pods: Mapping[str, str]) -> list[core.TopologySpreadConstraintArgs]:
    """Return an even spread of the Pods with these labels over zones and over nodes.

    Preferred, not required: with one zone left everything still starts. Nodes are listed too because a Pod with
    constraints of its own loses the scheduler's defaults.
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


def one_per_node(pods: Mapping[str, str]) -> core.AffinityArgs:
    """Require a different node for each of the Pods with these labels."""
    others = meta.LabelSelectorArgs(match_labels=dict(pods))
    return core.AffinityArgs(
        pod_anti_affinity=core.PodAntiAffinityArgs(
            required_during_scheduling_ignored_during_execution=[_avoiding(others, _NODE)]
        )
    )


def avoid(others: meta.LabelSelectorArgs) -> core.AffinityArgs:
    """Require a different node from the selected Pods and prefer a different zone."""
    preferred = core.WeightedPodAffinityTermArgs(
        weight=_HIGHEST_WEIGHT, pod_affinity_term=_avoiding(others, _ZONE)
    )
    return core.AffinityArgs(
        pod_anti_affinity=core.PodAntiAffinityArgs(
            required_during_scheduling_ignored_during_execution=[_avoiding(others, _NODE)],
            preferred_during_scheduling_ignored_during_execution=[preferred],
        )
    )


def _avoiding(others: meta.LabelSelectorArgs, topology_key: str) -> core.PodAffinityTermArgs:
    return core.PodAffinityTermArgs(label_selector=others, topology_key=topology_key)
