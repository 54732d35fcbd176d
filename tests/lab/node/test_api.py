from pathlib import Path
from typing import Any

import pytest

from lab.node import layout
from lab.node.api import answers, object_path
from lab.node.layout import NodeFolder
from lab.node.start import simulated_nodes
from tests.lab.conftest import ApiServer


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
    """Group, namespace and plural each change it."""
    assert object_path(manifest) == path


def test_each_simulated_node_is_in_a_zone_of_its_own_and_is_played_by_kwok() -> None:
    """Volumes use the host name, spreading uses the zone, and kwok the annotation."""
    nodes = simulated_nodes(NodeFolder(Path("/srv/lab/node")))
    assert [node["metadata"]["labels"]["topology.kubernetes.io/zone"] for node in nodes] == ["a", "b", "c"]
    for node in nodes:
        metadata = node["metadata"]
        assert metadata["labels"]["kubernetes.io/hostname"] == metadata["name"]
        assert metadata["annotations"] == {"kwok.x-k8s.io/node": "fake"}
        addresses = {address["type"]: address["address"] for address in node["status"]["addresses"]}
        assert addresses == {"InternalIP": str(layout.NODE_ADDRESS), "Hostname": metadata["name"]}


def test_a_url_answers_when_the_server_reports_no_error_whatever_proxy_the_machine_names(
    api_server: ApiServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Daemons start when the one before them answers; no proxy for the internet knows the node."""
    for variable in ("http_proxy", "HTTP_PROXY"):
        monkeypatch.setenv(variable, "http://127.0.0.1:9")
    for variable in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(variable, raising=False)
    api_server.answer = lambda _, path, __: (200 if path == "/ready" else 503, b"")
    assert answers(f"{api_server.url}/ready")
    assert not answers(f"{api_server.url}/not-yet")
    assert not answers("http://127.0.0.1:9/")
