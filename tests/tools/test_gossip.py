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

# Whichever test comes first waits for the whole scenario: 120 s until the processes are ready, the times below,
# and the time that a last write or search may take after each.
pytestmark = [pytest.mark.tools, pytest.mark.timeout(900)]

_FOUND_SECONDS = 60.0
# Two probes of 5 s each, slower while they fail, and the 20 s in which a suspect may answer.
_FORGOTTEN_SECONDS = 240.0
# An ingester is not used 20 s after its last heartbeat.
_REFUSED_SECONDS = 60.0
# Within which writes and searches must answer again.
_HEALED_SECONDS = 120.0


@dataclass(frozen=True)
class Observed:
    """What happened: whether a trace was written and found, the refused write's status, the readiness probes."""

    found_before: bool
    status_of_a_write_while_cut: int
    ready_while_cut: set[bool]
    found_after: bool


@pytest.fixture(scope="module")
def observed(tmp_path_factory: pytest.TempPathFactory) -> Observed:
    """Run the scenario once."""
    folder = tmp_path_factory.mktemp("gossip")

    def run() -> Observed:
        with gossip_cluster(folder) as cluster:
            return _run(cluster)

    return in_own_network(list(ADDRESS.values()), run)


def _run(cluster: GossipCluster) -> Observed:
    before = _is_found_within(cluster, _FOUND_SECONDS)
    _cut("-A")
    eventually(lambda: _all_alone(cluster), "every member has forgotten all others", _FORGOTTEN_SECONDS)
    status = eventually(lambda: _refusal(cluster), "a write is refused", _REFUSED_SECONDS)
    ready = {cluster.is_ready(name) for name in ADDRESS}
    _cut("-D")
    return Observed(before, status, ready, _is_found_within(cluster, _HEALED_SECONDS))


def _cut(change: str) -> None:
    """Drop each packet to or from the port of the gossip (`-A`), or no longer (`-D`)."""
    for end in ("--dport", "--sport"):
        for protocol in ("tcp", "udp"):
            in_network("ip6tables", change, "INPUT", "-p", protocol, end, str(TEMPO_GOSSIP_PORT), "-j", "DROP")


def _all_alone(cluster: GossipCluster) -> bool:
    return all(cluster.members(name) == 1 for name in MEMBERS)


def _refusal(cluster: GossipCluster) -> int | None:
    """Return the status of a write that was answered and not accepted."""
    status, _ = cluster.write()
    return None if status in {0, requests.codes.ok} else status


def _is_found_within(cluster: GossipCluster, seconds: float) -> bool:
    """Write traces until a search finds one of them; return whether that happened in time."""
    written: set[str] = set()
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        status, trace_id = cluster.write()
        if status == requests.codes.ok:
            written.add(trace_id)
        if written & cluster.search():
            return True
        time.sleep(0.5)
    return False


def test_tempo_takes_and_finds_traces_where_pods_have_only_ipv6_addresses(observed: Observed) -> None:
    assert observed.found_before


def test_writes_and_searches_answer_again_after_a_long_fault_of_the_gossip(observed: Observed) -> None:
    """Without `rejoin_interval` they never do."""
    assert observed.status_of_a_write_while_cut == requests.codes.unavailable
    assert observed.found_after


def test_no_readiness_probe_shows_a_fault_of_the_gossip(observed: Observed) -> None:
    """So the rejoin is the only cure, and an alert the only sign."""
    assert observed.ready_while_cut == {True}
