"""Rules for packets in the network of the lab's own node, each for as long as a block lasts."""

import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from lab.node import Node


@dataclass(frozen=True)
class PacketRule:
    """One rule of iptables: its table, its chain, and what it matches and does."""

    table: str
    chain: str
    match: tuple[str, ...]


def forwarded(*match: str) -> PacketRule:
    """Return a rule for what passes between Pods, or between Pods and this machine."""
    return PacketRule("filter", "FORWARD", match)


@contextmanager
def packet_rules(*rules: PacketRule) -> Iterator[None]:
    """Apply rules before all others inside the block; the last one comes first."""
    with ExitStack() as undo:
        for rule in rules:
            _iptables(rule, "-I")
            undo.callback(_iptables, rule, "-D")
        yield


def reset(*match: str) -> PacketRule:
    """Return a rule that ends each TCP connection to what it matches, and refuses new ones."""
    return forwarded("-p", "tcp", *match, "-j", "REJECT", "--reject-with", "tcp-reset")


def _iptables(rule: PacketRule, action: str) -> None:
    record = Node.record()
    assert record, "the cluster is not the lab's own node"
    inside = ["nsenter", "--target", str(record.pid), "--net"]
    # -w: kube-proxy changes its rules at the same time.
    subprocess.run([*inside, "iptables", "-w", "-t", rule.table, action, rule.chain, *rule.match], check=True)
