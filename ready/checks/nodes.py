"""There are enough Linux nodes, in enough zones."""

from collections.abc import Iterator

from ready.facts import Facts, Node, known
from ready.finding import Finding, listed, met, not_met
from ready.needs import Needs


def check(needs: Needs, facts: Facts) -> Iterator[Finding]:
    """Yield whether the Pods that never share a node have one each, zones, and nodes without an agent."""
    nodes = known(facts.cluster.nodes)
    usable = [node for node in nodes if node.usable]
    yield _count(needs, nodes, usable)
    if needs.settings.tempo.require_zones:
        yield _zones(needs.settings.tempo.replication_factor, usable)
    if without := [f"{node.name} ({_why(node)})" for node in nodes if _why(node)]:
        yield met(
            "agents",
            f"One runs on each Linux node. Pods on these nodes cannot send traces: {listed(without)}.",
        )


def _count(needs: Needs, nodes: tuple[Node, ...], usable: list[Node]) -> Finding:
    apart = [one for one in needs.workloads if one.one_per_node]
    wanted = max([1, *(one.replicas for one in apart)])
    why = f"{wanted}, for {listed([one.name for one in apart])}" if apart else "one"
    sentence = f"Linux nodes that take Pods: {len(usable)}. Needed: {why}."
    if len(usable) >= wanted:
        return met("nodes", sentence)
    unusable = [f"{node.name} ({_why(node) or node.unusable})" for node in nodes if not node.usable]
    left = f" These do not: {listed(unusable)}." if unusable else ""
    tempo = needs.settings.tempo
    fewer = ", or reduce tempo.ingesters" if tempo.ingesters > tempo.replication_factor else ""
    fix = f"Add EC2 nodes with Linux{fewer}. Nodes that are added on demand are not counted."
    return not_met("nodes", f"{sentence}{left}", fix)


def _zones(copies: int, usable: list[Node]) -> Finding:
    zones = sorted({node.zone for node in usable if node.zone})
    names = listed(zones) or "none"
    if len(zones) >= copies:
        return met("zones", f"Nodes are in {names}: enough for {copies} copies of a trace.")
    fix = "Add nodes in other zones, or turn tempo.require_zones off."
    return not_met("zones", f"Nodes are in {names}, and tempo.require_zones needs {copies} zones.", fix)


def _why(node: Node) -> str:
    """Return why no agent runs on a node, or nothing."""
    if node.fargate:
        return "Fargate"
    return "" if node.system == "linux" else node.system.capitalize()
