import json
from dataclasses import replace
from pathlib import Path

import pytest

from lab.cluster.service import Cluster, ClusterError, Service
from lab.errors import LabError
from lab.node import Node
from lab.target.target import Target
from tests.lab.conftest import ApiServer
from tests.lab.node.test_configs import BINARIES

TEMPO = Service("fawkes", "tempo", 3200)
_PROXY = "/api/v1/namespaces/fawkes/services/tempo:3200/proxy"


def test_a_get_goes_through_the_api_servers_proxy_with_its_query(cluster: Cluster, api_server: ApiServer) -> None:
    """A Service's address is of no use on a machine outside of the cluster."""
    api_server.answer = lambda *_: (200, b"found")
    assert cluster.request(TEMPO, "/api/search?q=%7B+a+%3D+1+%7D&limit=5") == (200, b"found")
    assert api_server.asked == [("GET", f"{_PROXY}/api/search?q=%7B+a+%3D+1+%7D&limit=5", b"")]


def test_a_post_carries_its_bytes_unchanged(cluster: Cluster, api_server: ApiServer) -> None:
    """OTLP is binary: anything that takes it for text breaks it."""
    body = bytes(range(256))
    cluster.request(TEMPO, "/v1/traces", {"Content-Type": "application/x-protobuf"}, body)
    assert api_server.asked == [("POST", f"{_PROXY}/v1/traces", body)]


def test_the_labs_own_node_is_reached_past_a_proxy(
    api_server: ApiServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy for the internet has no route to it; to a person's own cluster it may be the only way."""
    for variable in ("HTTP_PROXY", "http_proxy"):
        monkeypatch.setenv(variable, "http://127.0.0.1:9")
    for variable in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(variable, raising=False)
    own = Target(api_server.kubeconfig, tmp_path, Node(tmp_path, BINARIES))
    assert own.cluster().request(TEMPO, "/ready")[0] == 200
    assert replace(own, node=None).cluster().request(TEMPO, "/ready")[0] == 0


@pytest.mark.parametrize("status", [404, 429, 503])
def test_a_refusal_is_an_answer_with_its_status(cluster: Cluster, api_server: ApiServer, status: int) -> None:
    """Callers tell "not there yet" from "refused" by it."""
    api_server.answer = lambda *_: (status, b"no")
    assert cluster.request(TEMPO, "/ready") == (status, b"no")


def test_an_unreachable_cluster_gives_status_0_and_is_named_when_asked_for(tmp_path: Path) -> None:
    """A node that stops in the middle of a wait must not end it with a traceback."""
    gone = ApiServer("http://127.0.0.1:9", tmp_path)
    cluster = Cluster(gone.kubeconfig)
    status, said = cluster.request(TEMPO, "/ready")
    assert status == 0
    assert b"refused" in said
    with pytest.raises(LabError, match=r"The cluster at http://127\.0\.0\.1:9 does not answer"):
        cluster.answers()


def test_headers_reach_the_service(cluster: Cluster, api_server: ApiServer) -> None:
    """Tempo reads the tenant from one; the API server's proxy passes on all but its own Authorization."""
    cluster.request(TEMPO, "/api/search", {"X-Scope-OrgID": "team-a"})
    assert api_server.headers[0]["x-scope-orgid"] == "team-a"


@pytest.mark.parametrize("status", [401, 403])
def test_credentials_that_are_refused_are_told_with_the_file_they_come_from(
    cluster: Cluster, api_server: ApiServer, status: int
) -> None:
    """They expire, and a recreated cluster does not know the tokens of the old one."""
    said = {"kind": "Status", "message": "pods is forbidden"}
    api_server.answer = lambda *_: (status, json.dumps(said).encode())
    with pytest.raises(
        ClusterError, match=f"refuses the credentials in .*: {status} pods is forbidden"
    ) as refusal:
        cluster.ask(cluster.core.list_namespaced_pod, "fawkes")
    assert refusal.value.status == status


@pytest.mark.parametrize("body", [b"<html>sign in</html>", b'{"a": 1}', b"[1]", b'{"a":', b"\xff\xfe"])
def test_what_is_no_kubernetes_is_told(cluster: Cluster, api_server: ApiServer, body: bytes) -> None:
    """A proxy's sign-in page answers every path with 200."""
    api_server.answer = lambda *_: (200, body)
    with pytest.raises(LabError, match="is not a Kubernetes") as failure:
        cluster.answers()
    assert str(api_server.folder) in failure.value.fix


def test_a_server_that_breaks_is_quoted(cluster: Cluster, api_server: ApiServer) -> None:
    api_server.answer = lambda *_: (500, b"etcd is gone")
    with pytest.raises(ClusterError, match="does not answer: 500 "):
        cluster.answers()
