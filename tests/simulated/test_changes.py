"""What a preview of staging and prod says, setting by setting: exactly what depends on it."""

import pytest

from tests.live import LiveStack, section

pytestmark = pytest.mark.simulated

# Every process of Tempo reads the same text, so all of them restart; nothing else does.
_TEMPO = {
    "ConfigMap tempo-config": "replace",
    "StatefulSet tempo-ingester-set": "update",
    "Deployment tempo-distributor-set": "update",
    "Deployment tempo-querier-set": "update",
    "Deployment tempo-query-frontend-set": "update",
    "Deployment tempo-compactor-set": "update",
    "Deployment tempo-metrics-generator-set": "update",
}
_GATEWAY = {"ConfigMap gateway-config": "replace", "StatefulSet gateway-server": "update"}
_LIFECYCLE = {"BucketLifecycleConfiguration store-bucket-lifecycle": "update"}


def test_a_second_up_and_a_refresh_change_nothing(stack: LiveStack) -> None:
    """A resource that differs each time drowns the change that matters."""
    engine = stack.engine()
    engine.preview(expect_no_changes=True)
    assert set(engine.up().changes) == {"same"}
    assert engine.refresh().changed == 0
    engine.preview(expect_no_changes=True)


def test_a_longer_detailed_retention_changes_tempo_alone(stack: LiveStack) -> None:
    """The bucket's own expiry follows the longest tier, which stays."""
    assert stack.changes(section("retention", detailed_hours=240)) == _TEMPO


def test_a_longer_last_tier_changes_tempo_and_the_buckets_backstop(stack: LiveStack) -> None:
    longer = section("retention", long_term_hours=1440) | section("tempo", search_window_hours=1440)
    assert stack.changes(longer) == _TEMPO | _LIFECYCLE


def test_another_sampling_percentage_changes_the_gateways_alone(stack: LiveStack) -> None:
    more = stack.settings.sampling.baseline_percentage + 10
    assert stack.changes(section("sampling", baseline_percentage=more)) == _GATEWAY


def test_another_tenant_changes_the_gateways_tempos_overrides_and_the_buckets_folders(stack: LiveStack) -> None:
    namespaces = [*stack.settings.tenants.namespaces, "new-team"]
    assert stack.changes(section("tenants", namespaces=namespaces)) == _GATEWAY | _TEMPO | _LIFECYCLE


def test_irsa_instead_of_pod_identity_changes_the_role_and_the_account(stack: LiveStack) -> None:
    provider = "arn:aws:iam::123456789012:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE"
    irsa = section("object_store", aws={"identity": "irsa", "oidc_provider_arn": provider})
    assert stack.changes(irsa) == {
        "Role store-identity-role": "update",
        "PodIdentityAssociation store-identity-association": "delete",
        "ServiceAccount tempo-account": "update",
    }


def test_a_changed_retention_is_applied_and_taken_back(stack: LiveStack) -> None:
    """A preview is a promise; this is its keeping."""
    outcome = stack.bring(section("retention", detailed_hours=240))
    assert outcome
    assert outcome.changes["update"] == len(_TEMPO) - 1
    assert "block_retention: 240h" in stack.config_text("tempo")
    stack.bring()
    assert "block_retention: 168h" in stack.config_text("tempo")
    stack.engine().preview(expect_no_changes=True)
