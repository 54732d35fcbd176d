"""The provider of all Kubernetes objects."""

import pytest

from tests.support.programs import changed, recorded
from tests.support.stacks import STACKS


@pytest.mark.parametrize("stack", STACKS)
def test_every_kubernetes_object_is_in_the_cluster_of_the_settings(stack: str) -> None:
    """An object of the engine's default provider would go wherever the operator's kubeconfig points to."""
    recorder = recorded(stack)
    provider = recorder.one("kubernetes").urn
    used = {one.name: one.provider for one in recorder.registrations if one.type.startswith("kubernetes:")}
    assert used
    assert {name for name, reference in used.items() if not reference.startswith(f"{provider}::")} == set()


def test_the_context_of_the_settings_selects_the_cluster() -> None:
    assert "context" not in recorded("dojo").one("kubernetes").inputs
    named = changed({"cluster": {"context": "arn:aws:eks:eu-west-1:123456789012:cluster/fawkes-prod"}})
    assert named.one("kubernetes").inputs["context"] == "arn:aws:eks:eu-west-1:123456789012:cluster/fawkes-prod"


def test_the_operators_kubeconfig_is_not_in_the_state(monkeypatch: pytest.MonkeyPatch) -> None:
    """The next operator has none at that path, and the plugin would refuse to compare the two."""
    monkeypatch.setenv("KUBECONFIG", "/home/ada/.kube/config")
    assert changed({"retention.detailed_hours": 25}).one("kubernetes").inputs["kubeconfig"] == ""


def test_reloaded_files_are_updated_in_place() -> None:
    """Without it the plugin deletes a changed ConfigMap first, although running Pods mount it by its name."""
    inputs = recorded("prod").one("kubernetes").inputs
    assert inputs["enableConfigMapMutable"] == "true"
    assert inputs["enableServerSideApply"] == "true"
