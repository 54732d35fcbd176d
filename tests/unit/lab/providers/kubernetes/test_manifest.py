import pytest

from lab.providers.kubernetes import manifest
from lab.providers.plugin import ProviderError, Urn


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        ("kubernetes:core/v1:Service", ("v1", "Service")),
        ("kubernetes:apps/v1:Deployment", ("apps/v1", "Deployment")),
        ("kubernetes:monitoring.coreos.com/v1:ServiceMonitor", ("monitoring.coreos.com/v1", "ServiceMonitor")),
    ],
)
def test_a_type_names_its_version_and_kind(token: str, expected: tuple[str, str]) -> None:
    """Of which the core group has none in a manifest."""
    assert manifest.kind_of(Urn(f"urn:pulumi:s::p::{token}::n")) == expected


@pytest.mark.parametrize(
    "token",
    [
        "kubernetes:helm.sh/v3:Release",
        "kubernetes:yaml/v2:ConfigGroup",
        "kubernetes:kustomize/v2:Directory",
        "kubernetes:core/v1:ConfigMapPatch",
        "kubernetes:core/v1:ConfigMapList",
    ],
)
def test_what_is_not_one_object_is_refused(token: str) -> None:
    """Rather than done halfway."""
    with pytest.raises(ProviderError, match="single objects"):
        manifest.kind_of(Urn(f"urn:pulumi:s::p::{token}::n"))


@pytest.mark.parametrize("resource_id", ["ns/web", "web"])
def test_an_id_and_the_object_it_describes_agree(resource_id: str) -> None:
    """A program may read by id what another made."""
    described = manifest.identity(Urn("urn:pulumi:s::p::kubernetes:apps/v1:Deployment::n"), resource_id)
    assert (described["apiVersion"], described["kind"]) == ("apps/v1", "Deployment")
    assert manifest.resource_id(described) == resource_id
    assert manifest.label(described) == f"Deployment {resource_id}"
