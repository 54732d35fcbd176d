"""The nodes have room for the largest Pod, and for all."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from plan.units import GIB
from ready.facts import Facts, Node, known
from ready.finding import Finding, met, not_met
from ready.needs import ROOM, Needs, Workload

_NOTE = "What other Pods reserve is not subtracted"


def check(needs: Needs, facts: Facts) -> Iterator[Finding]:
    """Yield whether each Pod fits some node, and whether all fit together."""
    usable = [node for node in known(facts.cluster.nodes) if node.usable]
    if not usable:
        yield not_met("room", "There is no node for Pods.", "Add EC2 nodes with Linux.")
        return
    yield _largest(needs, usable)
    yield _together(needs, usable)


def _largest(needs: Needs, usable: list[Node]) -> Finding:
    agents = [one for one in needs.workloads if one.on_each_node]
    taken = {resource: sum((one.requests[resource] for one in agents), Decimal()) for resource in ROOM}
    others = [one for one in needs.workloads if not one.on_each_node]
    for pod in others:
        if not any(_fits(pod, taken, node) for node in usable):
            fix = "Add larger nodes, or reduce its requests in the stack file."
            return not_met("largest Pod", f"No node has room for {pod.name}: {_shown(pod.requests)}.", fix)
    largest = max(others, key=lambda one: (one.requests["memory"], one.requests["cpu"]))
    return met("largest Pod", f"{largest.name} fits: {_shown(largest.requests)}. {_NOTE}.")


def _fits(pod: Workload, taken: dict[str, Decimal], node: Node) -> bool:
    return all(pod.requests[one] + taken[one] <= node.room.get(one, Decimal()) for one in ROOM)


def _together(needs: Needs, usable: list[Node]) -> Finding:
    wanted, there = {}, {}
    for resource in ROOM:
        there[resource] = sum((node.room.get(resource, Decimal()) for node in usable), Decimal())
        wanted[resource] = sum(
            (
                one.requests[resource] * (len(usable) if one.on_each_node else one.replicas)
                for one in needs.workloads
            ),
            Decimal(),
        )
    sentence = f"All Pods together request {_shown(wanted)}; the nodes have {_shown(there)}."
    if all(wanted[one] <= there[one] for one in ROOM):
        return met("room", f"{sentence} {_NOTE}.")
    return not_met("room", sentence, "Add nodes, or reduce load.peak_spans_per_second, which sizes follow from.")


def _shown(amounts: Mapping[str, Decimal]) -> str:
    shown = f"{float(amounts['cpu']):.4g} cores, {float(amounts['memory'] / GIB):.4g} GiB"
    disk = amounts["ephemeral-storage"]
    shown += f", {float(disk / GIB):.4g} GiB of the nodes' disks" if disk else ""
    return f"{shown}, {amounts['pods']} Pods" if amounts["pods"] > 1 else shown
