import pytest
import yaml

from scan.manifests import manifests, resource_of
from tests.support.registrations import resource

JOB = {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"namespace": "n", "labels": {"app": "x"}}}


def test_each_object_is_a_file_that_leads_back_to_its_resource() -> None:
    files = manifests([resource("kubernetes:batch/v1:Job", JOB, "setup-job"), resource("aws:kms/key:Key", {})])
    assert list(files) == ["setup-job.yaml"]
    assert resource_of("/0/setup-job.yaml") == "setup-job"


def test_an_object_whose_name_would_be_generated_is_named_after_its_resource() -> None:
    """Checkov would name it by all its labels, kube-score not at all."""
    (text,) = manifests([resource("kubernetes:batch/v1:Job", JOB, "setup-job")]).values()
    named = {**JOB, "metadata": {"name": "setup-job", "namespace": "n", "labels": {"app": "x"}}}
    assert yaml.safe_load(text) == named


@pytest.mark.parametrize(
    ("token", "version", "kind"),
    [
        ("kubernetes:core/v1:Namespace", "v1", "Namespace"),
        ("kubernetes:rbac.authorization.k8s.io/v1:ClusterRole", "rbac.authorization.k8s.io/v1", "ClusterRole"),
    ],
)
def test_version_and_kind_follow_from_the_type_and_a_name_that_is_given_stays(
    token: str, version: str, kind: str
) -> None:
    """A file without them is no manifest: scanners pass over it in silence."""
    (text,) = manifests([resource(token, {"metadata": {"name": "given"}})]).values()
    assert yaml.safe_load(text) == {"apiVersion": version, "kind": kind, "metadata": {"name": "given"}}
