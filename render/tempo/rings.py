"""Membership of Tempo's rings."""

from render.names import TEMPO, TEMPO_ADDRESS_VARIABLE, TEMPO_GOSSIP, TEMPO_GOSSIP_PORT, service_host
from render.text import Config
from render.tls import gossip_tls
from settings.stack import StackSettings

# The address at which a process is reached. By itself Tempo takes the first private IPv4 address of `eth0` or
# `en0`, and does not start where a Pod has only IPv6, or an address from a public or shared (100.64.0.0/10) range.
# Kubernetes gives every Pod its address, of either family, so there is no setting for it.
MEMBER_ADDRESS = f"${{{TEMPO_ADDRESS_VARIABLE}}}"
# A fault of the network on the gossip port alone: members declare an unreachable one dead after about two minutes
# and forget it half a minute later. After five minutes without heartbeats writes and searches fail. Later every
# member has forgotten every other (Tempo 2.10 with seven members: after six and a half minutes), and none of them
# calls again: without a rejoin the failure outlasts the fault for ever. No probe can tell: once a process has
# started, its `/ready` does not look at the other members.
# A rejoin exchanges the whole state, a few kilobytes, with each member. Half a minute is memberlist's own interval
# for exchanging it with one random member.
_REJOIN_INTERVAL = "30s"


def ring_store(settings: StackSettings) -> Config:
    """Return the store of a ring's members; a single process needs no gossip."""
    alone = settings.tempo.deployment_mode == "monolithic"
    return {"kvstore": {"store": "inmemory" if alone else "memberlist"}}


def ring(settings: StackSettings) -> Config:
    """Return the section of a ring that a process joins with its address.

    Ingesters and partitions differ: an ingester's address is beside its ring, and a partition has none.
    """
    return ring_store(settings) | {"instance_addr": MEMBER_ADDRESS}


def gossip(settings: StackSettings) -> Config:
    """Return the section that joins all processes into one cluster; empty for a single process."""
    if settings.tempo.deployment_mode == "monolithic":
        return {}
    namespace = settings.environment.namespace
    return {
        "memberlist": {
            # A member advertises the address that it listens on. The default is all addresses, of which it
            # advertises a private IPv4 address.
            "bind_addr": [MEMBER_ADDRESS],
            "join_members": [f"dns+{service_host(TEMPO_GOSSIP, namespace)}:{TEMPO_GOSSIP_PORT}"],
            "rejoin_interval": _REJOIN_INTERVAL,
            # Two Tempo clusters that can reach each other must never become one ring.
            "cluster_label": f"{TEMPO}.{namespace}.{settings.environment.name}",
            **gossip_tls(settings),
        }
    }
