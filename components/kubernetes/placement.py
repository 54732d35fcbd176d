"""Placement of Pods: spread over zones and nodes, and apart where losing two at once loses data."""

from collections.abc import Mapping

from pulumi_kubernetes.core import v1 as core
from pulumi_kubernetes.meta import v1 as meta

_NODE = "kubernetes.io/hostname"
_ZONE = "topology.kubernetes.io/zone"
# The highest weight of a preferred term.
_HIGHEST_WEIGHT = 100
# Amazon's label of a node's kind; its Fargate nodes run one Pod each and no DaemonSet's.
_COMPUTE_TYPE = "eks.amazonaws.com/compute-type"


def spread(pods: Mapping[str, str]) -> list[core.TopologySpreadConstraintArgs]:
    """Return an even spread of the Pods with these labels over zones and over nodes.

    Preferred, not required: with one zone left everything still starts. Nodes are listed too because a Pod with
    constraints of its own loses the scheduler's defaults.
    """
    return [_evenly(pods, key) for key in (_ZONE, _NODE)]


def spread_by_zones(
    pods: Mapping[str, str], min_zones: int | None = None
) -> list[core.TopologySpreadConstraintArgs]:
    """Require an even spread of the Pods with these labels over zones and prefer one over nodes.

    Until nodes of `min_zones` zones are there, each zone gets at most one of the Pods. Only zones with a node that
    the Pod tolerates count: a zone that is down, or has nodes for other purposes only, would have no Pod for ever,
    and none of the other zones would get a second one.
    """
    zones = core.TopologySpreadConstraintArgs(
        max_skew=1,
        min_domains=min_zones,
        topology_key=_ZONE,
        when_unsatisfiable="DoNotSchedule",
        node_taints_policy="Honor",
        label_selector=meta.LabelSelectorArgs(match_labels=dict(pods)),
    )
    return [zones, _evenly(pods, _NODE)]


def one_per_node(pods: Mapping[str, str]) -> core.AffinityArgs:
    """Require a different node for each of the Pods with these labels."""
    others = meta.LabelSelectorArgs(match_labels=dict(pods))
    return core.AffinityArgs(
        pod_anti_affinity=core.PodAntiAffinityArgs(
            required_during_scheduling_ignored_during_execution=[_term(others, _NODE)]
        )
    )


def avoid(others: meta.LabelSelectorArgs) -> core.AffinityArgs:
    """Require a different node from the selected Pods and prefer a different zone."""
    preferred = core.WeightedPodAffinityTermArgs(weight=_HIGHEST_WEIGHT, pod_affinity_term=_term(others, _ZONE))
    return core.AffinityArgs(
        pod_anti_affinity=core.PodAntiAffinityArgs(
            required_during_scheduling_ignored_during_execution=[_term(others, _NODE)],
            preferred_during_scheduling_ignored_during_execution=[preferred],
        )
    )


def avoid_zones(others: meta.LabelSelectorArgs, pods: Mapping[str, str]) -> core.AffinityArgs:
    """Require a different zone from the selected Pods, and one zone for all Pods with the labels `pods`.

    Without the latter the Pods could take every zone and leave none to the others.
    """
    own = meta.LabelSelectorArgs(match_labels=dict(pods))
    return core.AffinityArgs(
        pod_affinity=core.PodAffinityArgs(required_during_scheduling_ignored_during_execution=[_term(own, _ZONE)]),
        pod_anti_affinity=core.PodAntiAffinityArgs(
            required_during_scheduling_ignored_during_execution=[_term(others, _ZONE), _term(others, _NODE)]
        ),
    )


def not_on_fargate() -> core.AffinityArgs:
    """Exclude Fargate's nodes, each of which is made for one Pod: a DaemonSet's Pod would stay Pending there."""
    expression = core.NodeSelectorRequirementArgs(key=_COMPUTE_TYPE, operator="NotIn", values=["fargate"])
    return core.AffinityArgs(
        node_affinity=core.NodeAffinityArgs(
            required_during_scheduling_ignored_during_execution=core.NodeSelectorArgs(
                node_selector_terms=[core.NodeSelectorTermArgs(match_expressions=[expression])]
            )
        )
    )


def _evenly(pods: Mapping[str, str], topology_key: str) -> core.TopologySpreadConstraintArgs:
    return core.TopologySpreadConstraintArgs(
        max_skew=1,
        topology_key=topology_key,
        when_unsatisfiable="ScheduleAnyway",
        label_selector=meta.LabelSelectorArgs(match_labels=dict(pods)),
    )


def _term(others: meta.LabelSelectorArgs, topology_key: str) -> core.PodAffinityTermArgs:
    return core.PodAffinityTermArgs(label_selector=others, topology_key=topology_key)
