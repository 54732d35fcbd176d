"""Every metric of every board and rule is one that the deployed versions expose.

The records in tests/data/metric_names hold what Tempo 2.10.8 and 3.0.3 and the collector 0.159.0 exposed at their
start and under load. What appears only after an event has the source file that names it.
"""

import re

import pytest

from tests.support.boards import VARIANTS, promql_of, variant
from tests.support.promql import metric_names, recorded, selectors

COLLECTOR = recorded("otelcol-0.159.0")
TEMPO = {2: recorded("tempo-2.10.8"), 3: recorded("tempo-3.0.3")}
# Of others: span metrics and service graphs (docs/span-metrics.md), Prometheus itself, our recording rules, the
# platform's figures, cert-manager, Kubernetes, and the check that writes and reads traces.
OTHERS = re.compile(
    r"traces_spanmetrics_(calls_total|latency_(bucket|count|sum))"
    r"|traces_service_graph_\w+|up|ALERTS|scrape_\w+|[a-z_]+:.+|certmanager_\w+|kube_\w+|kubelet_\w+|tracing_check_\w+"
    r"|process_start_time_seconds"
)
# What 2.10 knows nothing of.
ONLY_IN_3 = re.compile(r"tempo_(live_store|backend_(scheduler|worker)|ingest_group)_\w+")


@pytest.mark.parametrize("name", VARIANTS)
def test_every_metric_is_exposed_by_the_version_that_runs(name: str) -> None:
    known = COLLECTOR.keys() | TEMPO[variant(name).tempo.major].keys()
    unknown = {
        (metric, query.source)
        for query in promql_of(name)
        for metric in metric_names(query.expr)
        if metric not in known and not OTHERS.fullmatch(metric)
    }
    assert unknown == set()


@pytest.mark.parametrize("name", ["dojo", "prod"])
def test_tempo_2_is_not_asked_for_what_only_3_has(name: str) -> None:
    asked = {metric for query in promql_of(name) for metric in metric_names(query.expr)}
    assert {metric for metric in asked if ONLY_IN_3.fullmatch(metric)} == set()


def test_tempo_3_is_asked_for_what_only_it_has() -> None:
    asked = {metric for query in promql_of("prod with Tempo 3") for metric in metric_names(query.expr)}
    found = {metric for metric in asked if ONLY_IN_3.fullmatch(metric)}
    assert found
    assert not {metric for metric in asked if metric.startswith("tempo_ingester_")}
    assert {metric for metric in asked if metric in TEMPO[3].keys() - TEMPO[2].keys()} <= found


def test_a_name_that_no_version_exposes_is_found() -> None:
    assert metric_names("sum(rate(tempo_query_frontend_duration_seconds_bucket[5m]))").isdisjoint(
        COLLECTOR.keys() | TEMPO[2].keys() | TEMPO[3].keys()
    )


def test_selectors_know_their_matchers_and_functions() -> None:
    found = selectors(
        'sum(rate(a_total{job="x", b=~"$service"}[$__rate_interval])) / on (c) (d > 0) or max(delta(e[1h]))'
    )
    assert [(one.name, one.labels, one.within) for one in found] == [
        ("a_total", {"job", "b"}, ("rate",)),
        ("d", set(), ()),
        ("e", set(), ("delta",)),
    ]
