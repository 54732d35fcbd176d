"""The Pods of prod that a changed setting restarts: README.md's table, computed without an engine.

Pods restart when their template changes: its annotations hold a digest of the rendered configuration.
"""

import re
from typing import Any

import pytest

from settings.project import REPO
from snapshot.program import record_program
from snapshot.recorder import Recorder
from tests.support.programs import SERVERS, recorded, workloads
from tests.support.stacks import as_config, sections

AGENTS, GATEWAYS, INGESTERS = {"agent-daemon"}, {"gateway-server"}, {"tempo-ingester-server"}
TEMPO = INGESTERS | {
    f"tempo-{component}-server"
    for component in ("compactor", "distributor", "metrics-generator", "querier", "query-frontend")
}
MEMCACHED = {"tempo-memcached-server"}
NONE: set[str] = set()
PROVIDER = "arn:aws:iam::123456789012:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE"

# A row of the table: settings of prod that change together, and the workloads whose Pods restart.
CHANGES: list[tuple[dict[str, Any], set[str]]] = [
    ({"sampling.slow_threshold_ms": 2000}, GATEWAYS),
    ({"sampling.named_paths": ["/pay"]}, GATEWAYS),
    ({"sampling.decision_wait_seconds": 20}, GATEWAYS),
    ({"sampling.baseline_percentage": 11}, GATEWAYS | TEMPO),
    ({"collectors.gateway.replicas": 4}, GATEWAYS),
    ({"collectors.agent.resources.memory_limit_mib": 600}, AGENTS),
    ({"collectors.agent.queue_volume_mib": 2048}, AGENTS),
    ({"retention.detailed_hours": 240}, TEMPO),
    ({"retention.long_term_hours": 1440, "tempo.search_window_hours": 1440}, TEMPO),
    ({"grafana.prometheus_url": "http://other:9090"}, TEMPO),
    ({"grafana.max_active_series_per_tenant": 110_000}, TEMPO),
    ({"object_store.aws.identity": "irsa", "object_store.aws.oidc_provider_arn": PROVIDER}, TEMPO),
    ({"tempo.version": "2.10.9", "images.tempo.tag": "2.10.9"}, TEMPO),
    ({"tenants.namespaces": ["backstage", "argocd", "jenkins", "new-team"]}, GATEWAYS | TEMPO),
    ({"load.peak_spans_per_second": 110_000}, GATEWAYS | TEMPO),
    ({"tempo.resources.memory_limit_mib": 5000}, INGESTERS),
    ({"tempo.ingesters": 4}, NONE),
    ({"load.average_spans_per_second": 5000}, NONE),
    ({"retention.aggregated_metrics_days": 100}, NONE),
    ({"object_store.noncurrent_expiry_days": 2}, NONE),
    ({"grafana.service_monitors": False}, NONE),
    ({"images.collector.tag": "0.160.0"}, AGENTS | GATEWAYS),
    ({"environment.team": "another"}, AGENTS | GATEWAYS | TEMPO | MEMCACHED),
]
# These change a claim template: the engine would replace the StatefulSet, which protection refuses.
REPLACED = {
    "tempo.volume_size_gib": (200, "tempo-ingester-server"),
    "tempo.generator_volume_size_gib": (20, "tempo-metrics-generator-server"),
    "tempo.traceql_metrics": (False, "tempo-metrics-generator-server"),
    "collectors.gateway.queue_volume_gib": (60, "gateway-server"),
}


def with_changes(stack: str, changes: dict[str, Any]) -> Recorder:
    """Return the record of a stack with dotted settings changed."""
    return record_program(as_config(sections(stack, changes)), stack)


def specs(recorder: Recorder) -> dict[str, dict[str, Any]]:
    """Return the spec of every workload by its logical name."""
    return {workload.name: workload.inputs["spec"] for workload in workloads(recorder, SERVERS)}


def restarted(stack: str, changes: dict[str, Any]) -> set[str]:
    """Return the workloads whose Pod template the changes alter."""
    before, after = specs(recorded(stack)), specs(with_changes(stack, changes))
    assert set(before) == set(after)
    return {name for name, spec in before.items() if spec["template"] != after[name]["template"]}


@pytest.mark.parametrize(("changes", "pods"), CHANGES, ids=[next(iter(changes)) for changes, _ in CHANGES])
def test_a_changed_setting_restarts_these_pods_of_prod_and_no_others(
    changes: dict[str, Any], pods: set[str]
) -> None:
    """Operators choose the time of a change by this table."""
    assert restarted("prod", changes) == pods


@pytest.mark.parametrize("stack", ["staging", "dojo"])
def test_a_stack_whose_load_is_below_tempos_default_limits_restarts_gateways_alone(stack: str) -> None:
    """Sampling is changed in incidents; prod exceeds Tempo's default limits, so there every process restarts."""
    share = {"staging": 60, "dojo": 50}[stack]
    assert restarted(stack, {"sampling.baseline_percentage": share}) == GATEWAYS


@pytest.mark.parametrize("setting", REPLACED)
def test_another_volume_size_changes_a_claim_template_of_a_protected_stateful_set(setting: str) -> None:
    """Kubernetes cannot change a claim template in place, so the engine would replace the StatefulSet."""
    size, name = REPLACED[setting]
    found = with_changes("prod", {setting: size})
    before = specs(recorded("prod"))[name]["volumeClaimTemplates"]
    assert specs(found)[name].get("volumeClaimTemplates") != before
    (workload,) = [workload for workload in workloads(recorded("prod"), SERVERS) if workload.name == name]
    assert workload.protect


def test_half_of_prods_traffic_does_not_fit_its_volumes() -> None:
    """The plan refuses it before anything restarts."""
    with pytest.raises(Exception, match=r"tempo\.volume_size_gib: .+ at least 134"):
        with_changes("prod", {"sampling.baseline_percentage": 50})


def test_the_readme_names_exactly_these_settings() -> None:
    text = (REPO / "README.md").read_text(encoding="utf-8")
    table = text.partition("| changed setting |")[2].partition("\n\n")[0]
    first_cells = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    named = set(re.findall(r"`([a-z_.]+)`", " ".join(first_cells)))
    changed = {setting for changes, _ in CHANGES for setting in changes} | set(REPLACED)
    assert {name for name in named if not any(c == name or c.startswith(f"{name}.") for c in changed)} == set()
    helpers = {"tempo.search_window_hours", "object_store.aws.oidc_provider_arn"}
    assert {c for c in changed - helpers if not any(c == n or c.startswith(f"{n}.") for n in named)} == set()
