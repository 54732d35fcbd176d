from typing import Any

import pytest

from lab.providers.kubernetes.immutable import Mutability
from lab.providers.values import Json, Path


def _object(api_version: str, kind: str, path: Path, value: Any) -> Json:
    inner: Any = value
    for part in reversed(path):
        inner = {part: inner}
    return {"apiVersion": api_version, "kind": kind, **inner}


def _replaced(api_version: str, kind: str, path: str, mutability: Mutability | None = None) -> bool:
    parts = tuple(path.split("."))
    old, new = (_object(api_version, kind, parts, value) for value in (1, 2))
    return (mutability or Mutability()).forces_replacement(old, new, parts)


@pytest.mark.parametrize(
    ("api_version", "kind", "path"),
    [
        ("v1", "Service", "metadata.name"),
        ("v1", "Service", "metadata.namespace"),
        ("v1", "Service", "spec.clusterIP"),
        ("v1", "ConfigMap", "data.settings"),
        ("v1", "Secret", "stringData.password"),
        ("v1", "Secret", "type"),
        ("v1", "PersistentVolumeClaim", "spec.storageClassName"),
        ("v1", "PersistentVolumeClaim", "spec.accessModes"),
        ("v1", "Pod", "spec.containers.0.command"),
        ("apps/v1", "Deployment", "spec.selector.matchLabels.app"),
        ("apps/v1", "DaemonSet", "spec.selector.matchLabels.app"),
        ("apps/v1", "StatefulSet", "spec.selector.matchLabels.app"),
        ("apps/v1", "StatefulSet", "spec.serviceName"),
        ("apps/v1", "StatefulSet", "spec.podManagementPolicy"),
        ("apps/v1", "StatefulSet", "spec.volumeClaimTemplates.0.spec.resources"),
        ("batch/v1", "Job", "spec.template.spec.containers.0.image"),
        ("rbac.authorization.k8s.io/v1", "RoleBinding", "roleRef.name"),
        ("rbac.authorization.k8s.io/v1", "ClusterRoleBinding", "roleRef.name"),
        ("storage.k8s.io/v1", "StorageClass", "provisioner"),
    ],
)
def test_what_the_server_refuses_to_change_is_replaced(api_version: str, kind: str, path: str) -> None:
    """An update that the server refuses would stop every later run."""
    assert _replaced(api_version, kind, path)


@pytest.mark.parametrize(
    ("api_version", "kind", "path"),
    [
        ("v1", "Service", "spec.ports.0.port"),
        ("v1", "ConfigMap", "metadata.labels.app"),
        ("v1", "PersistentVolumeClaim", "spec.resources.requests.storage"),
        ("apps/v1", "Deployment", "spec.template.spec.containers.0.image"),
        ("apps/v1", "StatefulSet", "spec.replicas"),
        ("apps/v1", "StatefulSet", "spec.template.metadata.labels.app"),
        ("apps/v1", "StatefulSet", "spec.updateStrategy.type"),
        ("apps/v1", "StatefulSet", "spec.persistentVolumeClaimRetentionPolicy.whenDeleted"),
        ("batch/v1", "Job", "spec.parallelism"),
        ("rbac.authorization.k8s.io/v1", "RoleBinding", "subjects.0.name"),
        ("example.com/v1", "Deployment", "spec.selector"),
    ],
)
def test_what_the_server_takes_is_updated_in_place(api_version: str, kind: str, path: str) -> None:
    """A replacement where an update would do costs a store its data."""
    assert not _replaced(api_version, kind, path)


def test_contents_change_in_place_when_the_provider_is_told_so() -> None:
    """As with the real plugin's two switches, each for its own kind."""
    assert not _replaced("v1", "ConfigMap", "data.a", Mutability(config_maps=True))
    assert not _replaced("v1", "Secret", "data.a", Mutability(secrets=True))
    assert _replaced("v1", "Secret", "data.a", Mutability(config_maps=True))


def test_an_immutable_config_map_is_replaced_in_any_case() -> None:
    """The server takes no change of it, whatever the provider was told."""
    old = {"apiVersion": "v1", "kind": "ConfigMap", "immutable": True, "data": {"a": "1"}}
    assert Mutability(config_maps=True).forces_replacement(old, old | {"data": {"a": "2"}}, ("data", "a"))


def test_a_change_above_a_fixed_part_counts_only_if_it_reaches_it() -> None:
    """A `spec` that appears whole is one change in the difference."""
    old: Json = {"apiVersion": "v1", "kind": "Service"}
    fixed: Json = old | {"spec": {"clusterIP": "None"}}
    free: Json = old | {"spec": {"ports": []}}
    assert Mutability().forces_replacement(old, fixed, ("spec",))
    assert not Mutability().forces_replacement(old, free, ("spec",))
