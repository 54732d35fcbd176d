"""Tempo's processes where Pods have only IPv6 addresses, before, during and after a fault of their gossip.

A cut of ten minutes would make the test too long. It ends as soon as the failure is one that does not heal by
itself: no member knows any other.
"""

import time
from dataclasses import dataclass

import pytest
import requests

from render.names import TEMPO_GOSSIP_PORT
from tests.support.own_network import in_network, in_own_network
from tests.support.waiting import eventually
from tests.tools.gossip_cluster import ADDRESS, MEMBERS, GossipCluster, gossip_cluster

pytestmark = pytest.mark.tools

_FOUND_SECONDS = 60.0
# Two probes of 5 s each, slower while they fail, and the 20 s in which a suspect may answer.
_FORGOTTEN_SECONDS = 240.0
# Within which writes and searches must answer again.
_HEALED_SECONDS = 120.0


@dataclass(frozen=True)
class Observed:
    """What happened: `written` was found by a search; the statuses are of a write and of a readiness probe."""

    found_before: bool
    status_of_a_write_while_cut: int
    ready_while_cut: set[bool]
    healed_seconds: float


@pytest.fixture(scope="module")
def observed(tmp_path_factory: pytest.TempPathFactory) -> Observed:
    """Run the scenario once."""
    folder = tmp_path_factory.mktemp("gossip")

    def run() -> Observed:
        with gossip_cluster(folder) as cluster:
            return _run(cluster)

    return in_own_network(list(ADDRESS.values()), run)


def _run(cluster: GossipCluster) -> Observed:
    found = eventually(lambda: _is_found(cluster), "a written trace is found", _FOUND_SECONDS)
    _cut("-A")
    eventually(lambda: _all_alone(cluster), "every member has forgotten all others", _FORGOTTEN_SECONDS)
    eventually(lambda: cluster.write()[0] != requests.codes.ok, "a write fails", _FORGOTTEN_SECONDS)
    status, _ = cluster.write()
    ready = {cluster.is_ready(name) for name in ADDRESS}
    _cut("-D")
    begin = time.monotonic()
    eventually(lambda: _is_found(cluster), "writes and searches answer again", _HEALED_SECONDS)
    return Observed(found, status, ready, time.monotonic() - begin)


def _cut(change: str) -> None:
    """Drop each packet to or from the port of the gossip (`-A`), or no longer (`-D`)."""
    for end in ("--dport", "--sport"):
        for protocol in ("tcp", "udp"):
            in_network("ip6tables", change, "INPUT", "-p", protocol, end, str(TEMPO_GOSSIP_PORT), "-j", "DROP")


def _all_alone(cluster: GossipCluster) -> bool:
    return all(cluster.members(name) == 1 for name in MEMBERS)


def _is_found(cluster: GossipCluster) -> bool:
    """Write a trace, and return whether a search finds it within a few seconds."""
    status, trace_id = cluster.write()
    if status != requests.codes.ok:
        return False
    deadline = time.monotonic() + 20.0
    while time.monotonic() < deadline:
        try:
            if trace_id in cluster.search():
                return True
        except requests.HTTPError:
            pass
        time.sleep(0.5)
    return False


def test_tempo_takes_and_finds_traces_where_pods_have_only_ipv6_addresses(observed: Observed) -> None:
    assert observed.found_before


def test_writes_and_searches_answer_again_after_a_long_fault_of_the_gossip(observed: Observed) -> None:
    """Without `rejoin_interval` they never do."""
    assert observed.status_of_a_write_while_cut == requests.codes.unavailable
    assert observed.healed_seconds < _HEALED_SECONDS


def test_no_readiness_probe_shows_a_fault_of_the_gossip(observed: Observed) -> None:
    """So the rejoin is the only cure, and an alert the only sign."""
    assert observed.ready_while_cut == {True}
