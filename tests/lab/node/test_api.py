from pathlib import Path
from typing import Any

import pytest
import yaml

from lab.node import layout
from lab.node.api import object_path

MANIFESTS = [Path(layout.__file__).with_name(name) for name in ("storage.yaml", "addons.yaml")]
NODES = Path(layout.__file__).with_name("nodes.yaml")


@pytest.mark.parametrize(
    ("manifest", "path"),
    [
        (
            {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "s", "namespace": "n"}},
            "/api/v1/namespaces/n/services/s",
        ),
        (
            {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "d", "namespace": "n"}},
            "/apis/apps/v1/namespaces/n/deployments/d",
        ),
        (
            {"apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "metadata": {"name": "c"}},
            "/apis/storage.k8s.io/v1/storageclasses/c",
        ),
    ],
)
def test_an_objects_path_follows_from_its_manifest(manifest: dict[str, Any], path: str) -> None:
    """Groups, namespaces and plurals each change it."""
    assert object_path(manifest) == path


def addon(kind: str) -> dict[str, Any]:
    """Return the one addon of a kind."""
    (found,) = [
        m for file in MANIFESTS for m in yaml.safe_load_all(file.read_text(encoding="utf-8")) if m["kind"] == kind
    ]
    return dict(found)


def test_the_addons_name_the_nodes_own_constants() -> None:
    """The manifest is plain YAML, so nothing else ties it to the code."""
    (container,) = addon("Deployment")["spec"]["template"]["spec"]["containers"]
    assert container["image"] == layout.COREDNS_IMAGE
    assert addon("Service")["spec"]["clusterIP"] == str(layout.DNS_ADDRESS)
    storage = addon("StorageClass")
    assert (storage["metadata"]["name"], storage["provisioner"]) == (layout.STORAGE_CLASS, layout.PROVISIONER)


def test_each_simulated_node_is_in_a_zone_of_its_own_and_is_played_by_kwok() -> None:
    """Volumes go by the host name, spreading by the zone, and kwok by the annotation."""
    nodes = list(yaml.safe_load_all(NODES.read_text(encoding="utf-8")))
    assert [node["metadata"]["labels"]["topology.kubernetes.io/zone"] for node in nodes] == ["a", "b", "c"]
    for node in nodes:
        metadata = node["metadata"]
        assert metadata["labels"]["kubernetes.io/hostname"] == metadata["name"]
        assert metadata["annotations"] == {"kwok.x-k8s.io/node": "fake"}
        addresses = {address["type"]: address["address"] for address in node["status"]["addresses"]}
        assert addresses == {"InternalIP": str(layout.NODE_ADDRESS), "Hostname": metadata["name"]}
