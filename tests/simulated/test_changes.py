"""A preview of staging and prod shows, for each setting, exactly the resources that depend on it."""

import pytest

from tests.support.live import LiveStack, Overlay, section

pytestmark = pytest.mark.simulated

_TEMPO_PODS = {
    "StatefulSet tempo-ingester-server": "update",
    "StatefulSet tempo-metrics-generator-server": "update",
    "Deployment tempo-distributor-server": "update",
    "Deployment tempo-querier-server": "update",
    "Deployment tempo-query-frontend-server": "update",
    "Deployment tempo-compactor-server": "update",
}
# Every process of Tempo reads the same configuration, so all of them restart, and nothing else.
_TEMPO = {"ConfigMap tempo-config": "replace"} | _TEMPO_PODS
# Tempo reloads its limits.
_LIMITS = {"ConfigMap tempo-overrides": "update"}
_GATEWAY = {"ConfigMap gateway-config": "replace", "StatefulSet gateway-server": "update"}
# They label span metrics with the tenant.
_AGENTS = {"ConfigMap agent-config": "replace", "DaemonSet agent-daemon": "update"}
_LIFECYCLE = {"BucketLifecycleConfiguration store-traces-lifecycle": "update"}
# Ten percentage points more of the traffic: the kept share sets the maximum of querier replicas. In prod it also
# exceeds Tempo's default limits, so Tempo's limits change as well, and so do the maximum of distributors and the
# number of metrics generators.
_TEN_POINTS_MORE = {
    "staging": _GATEWAY | {"HorizontalPodAutoscaler tempo-querier-autoscaler": "update"},
    "prod": _GATEWAY
    | _LIMITS
    | {
        "HorizontalPodAutoscaler tempo-querier-autoscaler": "update",
        "HorizontalPodAutoscaler tempo-distributor-autoscaler": "update",
        "StatefulSet tempo-metrics-generator-server": "update",
    },
}


def _changes(stack: LiveStack, overlay: Overlay) -> dict[str, str]:
    """Return the planned operations, but for those on boards and rules, whose limits follow the plan."""
    planned = stack.changes(overlay)
    told = ("ConfigMap observability-dashboards-", "PrometheusRule observability-rules-")
    return {name: operation for name, operation in planned.items() if not name.startswith(told)}


def test_a_second_up_and_a_refresh_change_nothing(stack: LiveStack) -> None:
    """A resource that differs each time drowns the change that matters."""
    engine = stack.engine()
    engine.preview("--expect-no-changes")
    assert set(engine.up().changes) == {"same"}
    assert set(engine.refresh().changes) == {"same"}
    engine.preview("--expect-no-changes")


def test_a_longer_detailed_retention_restarts_nothing(stack: LiveStack) -> None:
    """The bucket's own expiry follows the longest tier, which is unchanged."""
    assert _changes(stack, section("retention", detailed_hours=240)) == _LIMITS


def test_a_longer_last_tier_changes_tempo_and_the_buckets_backstop(stack: LiveStack) -> None:
    """Unchanged, the backstop would delete blocks that Tempo still keeps."""
    longer = section("retention", long_term_hours=1440) | section("tempo", search_window_hours=1440)
    assert _changes(stack, longer) == _TEMPO | _LIMITS | _LIFECYCLE


def test_another_sampling_percentage_changes_the_gateways_and_the_sizes_that_follow_it(stack: LiveStack) -> None:
    more = stack.settings.sampling.baseline_percentage + 10
    # More to mask takes more CPU than prod's gateways request.
    change = section("sampling", baseline_percentage=more) | section(
        "collectors", gateway={"cpu_request_millicores": 1000}
    )
    assert _changes(stack, change) == _TEN_POINTS_MORE[stack.name]


def test_another_tenant_changes_collectors_tempos_overrides_and_the_buckets_folders(stack: LiveStack) -> None:
    namespaces = [*stack.settings.tenants.namespaces, "new-team"]
    changed = _changes(stack, section("tenants", namespaces=namespaces))
    # Its datasources are those of Grafana, and the check writes and reads as it.
    in_grafana = {"Secret observability-datasources-secret": "update"}
    check = {"ConfigMap synthetic-check-config": "replace", "Deployment synthetic-check-server": "update"}
    assert changed == _AGENTS | _GATEWAY | _LIMITS | _LIFECYCLE | in_grafana | check


def test_irsa_instead_of_pod_identity_changes_role_and_account_and_restarts_tempo(stack: LiveStack) -> None:
    """Pods receive their identity at start: with the old one the store would soon refuse them."""
    provider = "arn:aws:iam::123456789012:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE"
    irsa = section("object_store", aws={"identity": "irsa", "oidc_provider_arn": provider})
    assert _changes(stack, irsa) == {
        "Role store-identity-role": "update",
        "PodIdentityAssociation store-identity-association": "delete",
        "ServiceAccount tempo-account": "update",
        "ConfigMap store-identity-variables": "replace",
        # IRSA asks AWS' own token service instead of an agent on the node.
        "NetworkPolicy network-tempo-to-identity-egress": "update",
        **_TEMPO_PODS,
    }
