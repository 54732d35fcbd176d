"""Membership of Tempo's rings."""

from render.names import TEMPO, TEMPO_GOSSIP, TEMPO_GOSSIP_PORT, service_host
from render.text import Config
from settings.stack import StackSettings


def ring(settings: StackSettings) -> Config:
    """Return the store of a ring's members; a single process needs no gossip."""
    alone = settings.tempo.deployment_mode == "monolithic"
    return {"kvstore": {"store": "inmemory" if alone else "memberlist"}}


def gossip(settings: StackSettings) -> Config:
    """Return the section that joins all processes into one cluster; empty for a single process."""
    if settings.tempo.deployment_mode == "monolithic":
        return {}
    namespace = settings.environment.namespace
    return {
        "memberlist": {
            "join_members": [f"dns+{service_host(TEMPO_GOSSIP, namespace)}:{TEMPO_GOSSIP_PORT}"],
            # Two Tempo clusters that can reach each other must never become one ring.
            "cluster_label": f"{TEMPO}.{namespace}.{settings.environment.name}",
        }
    }
