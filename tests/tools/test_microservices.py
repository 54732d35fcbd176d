"""Tempo in microservices mode: tenants find only their own traces, and the loss of one ingester loses nothing.

One scenario runs once and several tests check it, because its retention takes two minutes.
"""

import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest

from lab.cluster.service import Cluster, Service
from lab.traces.tempo import fetch, search, tempo_of
from render.names import TEMPO_HTTP_PORT, tempo_query_host
from tests.cluster.tempo_api import Mode, spans_in
from tests.cluster.traffic import SPANS_PER_TRACE
from tests.support.waiting import eventually
from tests.tools import prometheus
from tests.tools.loopback import direct_session
from tests.tools.tempo_cluster import (
    ADDRESS,
    INGESTERS,
    TENANTS,
    TempoCluster,
    cluster_settings,
    tempo_cluster,
)

pytestmark = pytest.mark.tools

LONG_TERM = "team-a-long-term"
_TRACES_EACH = 20
# As many connections as a session keeps.
_AT_ONCE = 10
# A trace is idle, cut and searchable some seconds after it was sent.
_FOUND_SECONDS = 60.0
# The generator collects every 15 s.
_COUNTED_SECONDS = 90.0
# A deployment has days.
_DETAILED_SECONDS = 120
# Retention, the compactor's cycle, the queriers' poll, and the ingesters' own copies, all in `tempo_cluster`.
_GONE_SECONDS = _DETAILED_SECONDS + 120.0


@dataclass
class Observed:
    """The ids of the traces sent to each tenant, and the traces found at each stage."""

    sent: dict[str, list[bytes]] = field(default_factory=dict)
    # By (searching tenant, owning tenant): the number of the owner's traces that were found.
    found: dict[tuple[str, str], int] = field(default_factory=dict)
    # By tenant: the number of spans in Prometheus, and the traces in its exemplars.
    counted: dict[str, int] = field(default_factory=dict)
    exemplars: dict[str, set[str]] = field(default_factory=dict)
    # Traces accepted a moment before an ingester was killed.
    sent_before_kill: dict[str, list[bytes]] = field(default_factory=dict)
    flushed_before_kill: int = 0
    after_kill: dict[str, int] = field(default_factory=dict)
    sent_after_kill: list[bytes] = field(default_factory=list)
    found_after_kill: int = 0
    long_term_left: int = 0
    searched_by: dict[str, set[str]] = field(default_factory=dict)
    # What `make query` finds for all tenants, with theirs, and `make trace` of one trace.
    queried: dict[str, tuple[str, ...]] = field(default_factory=dict)
    traced: tuple[int, tuple[str, ...]] = (0, ())


@pytest.fixture(scope="module")
def observed(tmp_path_factory: pytest.TempPathFactory) -> Observed:
    """Run the scenario."""
    with tempo_cluster(tmp_path_factory.mktemp("tempo"), _DETAILED_SECONDS) as cluster:
        return _run(cluster)


def _run(cluster: TempoCluster) -> Observed:
    seen = Observed()
    everybody = (*TENANTS, LONG_TERM)
    for tenant in everybody:
        seen.sent[tenant] = cluster.send(tenant, _TRACES_EACH)
    eventually(lambda: _all_found(cluster, seen), "every tenant finds its own traces", _FOUND_SECONDS)
    seen.found = {
        (searching, owning): _count(cluster, searching, seen.sent[owning])
        for searching in everybody
        for owning in everybody
    }
    for tenant in everybody:
        seen.searched_by[tenant] = _search(cluster, tenant, seen.sent[tenant])
    _look_from_the_terminal(seen)
    eventually(_all_counted, "every span is counted in Prometheus", _COUNTED_SECONDS)
    seen.counted = prometheus.calls_by_tenant()
    seen.exemplars = {tenant: prometheus.exemplars_of(tenant, time.time()) for tenant in TENANTS}
    _kill_an_ingester(cluster, seen)
    seen.sent_after_kill = cluster.send(LONG_TERM, _TRACES_EACH)
    later = seen.sent_after_kill
    eventually(lambda: _count(cluster, LONG_TERM, later) == _TRACES_EACH, "writes continue", _FOUND_SECONDS)
    seen.found_after_kill = _count(cluster, LONG_TERM, later)
    first = seen.sent["team-a"]
    eventually(lambda: not _count(cluster, "team-a", first), "team-a's retention is over", _GONE_SECONDS)
    second = seen.sent["team-b"]
    eventually(lambda: not _count(cluster, "team-b", second), "team-b's retention is over", _GONE_SECONDS)
    seen.long_term_left = _count(cluster, LONG_TERM, seen.sent[LONG_TERM])
    return seen


class _QueryFrontend(Cluster):
    """A cluster whose only Service is the query frontend here, which it asks without an API server between."""

    def __init__(self) -> None:
        """Need no kubeconfig."""

    def request(
        self, service: Service, path: str, headers: Mapping[str, str] | None = None, body: bytes | None = None
    ) -> tuple[int, bytes]:
        """Return status and body of a GET."""
        assert body is None
        assert (service.name, service.port) == (tempo_query_host("microservices"), TEMPO_HTTP_PORT)
        with direct_session() as session:
            answer = session.get(f"http://{ADDRESS['query-frontend']}:{service.port}{path}", headers=headers)
        return answer.status_code, answer.content


def _look_from_the_terminal(seen: Observed) -> None:
    """Ask as `make query` and `make trace` do, without naming a tenant."""
    tempo = tempo_of(_QueryFrontend(), cluster_settings())
    seen.queried, _ = search(tempo, "{ status = error }", limit=1000)
    found = fetch(tempo, seen.sent[TENANTS[1]][0].hex())
    seen.traced = (len(found.spans), found.tenants)


def _all_counted() -> bool:
    wanted = _TRACES_EACH * SPANS_PER_TRACE
    return all(prometheus.calls_by_tenant().get(tenant) == wanted for tenant in TENANTS)


def _kill_an_ingester(cluster: TempoCluster, seen: Observed) -> None:
    """Kill an ingester that has just accepted spans, which are in no block yet; find them without it."""
    tenants = (*TENANTS, LONG_TERM)
    seen.sent_before_kill = {tenant: cluster.send(tenant, _TRACES_EACH) for tenant in tenants}
    cluster.kill(INGESTERS[1])
    # Only the last tenant's: by the time all are looked up, the first may have become a block.
    seen.flushed_before_kill = _count(cluster, LONG_TERM, seen.sent_before_kill[LONG_TERM], "blocks")

    def all_found() -> bool:
        seen.after_kill = {tenant: _count(cluster, tenant, ids) for tenant, ids in seen.sent_before_kill.items()}
        return set(seen.after_kill.values()) == {_TRACES_EACH}

    # A query of that moment may still wait for the ingester that is gone.
    eventually(all_found, "all are found without it", _FOUND_SECONDS)


def _search(cluster: TempoCluster, tenant: str, own: Sequence[bytes]) -> set[str]:
    """Return the ids of the traces that a search finds, once it finds as many as the tenant has."""
    with cluster.api(tenant) as api:
        return eventually(
            lambda: found if len(found := set(api.search("{}", limit=1000))) >= len(own) else None,
            f"{tenant} finds its traces by a search",
        )


def _all_found(cluster: TempoCluster, seen: Observed) -> bool:
    return all(_count(cluster, tenant, ids) == len(ids) for tenant, ids in seen.sent.items())


def _count(cluster: TempoCluster, tenant: str, ids: Sequence[bytes], mode: Mode = "all") -> int:
    """Return the number of traces that are found with every span.

    All at once: what is in no block at the first must not have become one at the last.
    """
    with cluster.api(tenant) as api, ThreadPoolExecutor(_AT_ONCE) as pool:
        found = pool.map(lambda one: api.trace(one.hex(), mode), ids)
        return sum(len(list(spans_in(trace))) == SPANS_PER_TRACE for trace in found if trace)


def test_each_tenant_finds_every_trace_of_its_own(observed: Observed) -> None:
    assert {tenant: observed.found[tenant, tenant] for tenant in observed.sent} == dict.fromkeys(
        observed.sent, _TRACES_EACH
    )


def test_no_tenant_finds_a_trace_of_another(observed: Observed) -> None:
    """Neither by a trace id that it has learned nor by a search."""
    others = {pair: count for pair, count in observed.found.items() if pair[0] != pair[1]}
    assert len(others) == 6
    assert set(others.values()) == {0}
    assert observed.searched_by == {tenant: {one.hex() for one in sent} for tenant, sent in observed.sent.items()}


def test_nothing_is_lost_when_one_ingester_of_three_is_killed(observed: Observed) -> None:
    """These traces were accepted a moment before, and were in no block yet."""
    assert observed.flushed_before_kill == 0
    assert observed.after_kill == dict.fromkeys(observed.sent, _TRACES_EACH)


def test_services_of_one_name_in_two_tenants_are_counted_apart(observed: Observed) -> None:
    """Neither tenant's spans are lost or added to the other's, and the long-term copies are counted nowhere."""
    assert observed.counted == dict.fromkeys(TENANTS, _TRACES_EACH * SPANS_PER_TRACE)


def test_an_exemplar_leads_to_a_trace_of_its_tenant(observed: Observed) -> None:
    for tenant in TENANTS:
        assert observed.exemplars[tenant]
        assert observed.exemplars[tenant] <= {one.hex() for one in observed.sent[tenant]}


def test_spans_are_taken_while_one_ingester_is_away(observed: Observed) -> None:
    """Two of three replicas are a quorum for a write."""
    assert observed.found_after_kill == len(observed.sent_after_kill) == _TRACES_EACH


def test_the_long_term_tier_outlives_its_neighbours_retention(observed: Observed) -> None:
    """It is counted after both other tenants have lost their traces."""
    assert observed.long_term_left == _TRACES_EACH


def test_the_terminal_finds_the_traces_of_every_tenant_and_says_whose_they_are(observed: Observed) -> None:
    """Whoever looks for a trace need not know in which tenant it is."""
    sent = {one.hex(): (tenant,) for tenant, ids in observed.sent.items() for one in ids}
    assert {trace_id.zfill(32): tenants for trace_id, tenants in observed.queried.items()} == sent


def test_the_terminal_shows_a_whole_trace_of_any_tenant(observed: Observed) -> None:
    assert observed.traced == (SPANS_PER_TRACE, (TENANTS[1],))
