from pathlib import Path

import pytest

from lab.errors import LabError
from lab.service import Cluster, Service
from tests.unit.lab.conftest import ApiServer

TEMPO = Service("fawkes", "tempo", 3200)
_PROXY = "/api/v1/namespaces/fawkes/services/tempo:3200/proxy"


def test_a_get_goes_through_the_api_servers_proxy_with_its_query(cluster: Cluster, api_server: ApiServer) -> None:
    """A Service's address is of no use on a machine outside of the cluster."""
    api_server.answer = lambda *_: (200, b"found")
    assert cluster.get(TEMPO, "/api/search", q="{ a = 1 }", limit=5) == (200, b"found")
    assert api_server.asked == [("GET", f"{_PROXY}/api/search?q=%7B+a+%3D+1+%7D&limit=5", b"")]


def test_a_post_carries_its_bytes_unchanged(cluster: Cluster, api_server: ApiServer) -> None:
    """OTLP is binary: anything that takes it for text breaks it."""
    body = bytes(range(256))
    cluster.post(TEMPO, "/v1/traces", body, "application/x-protobuf")
    assert api_server.asked == [("POST", f"{_PROXY}/v1/traces", body)]


@pytest.mark.parametrize("status", [404, 429, 503])
def test_a_refusal_is_an_answer_with_its_status(cluster: Cluster, api_server: ApiServer, status: int) -> None:
    """Callers tell "not there yet" from "refused" by it."""
    api_server.answer = lambda *_: (status, b"no")
    assert cluster.get(TEMPO, "/ready") == (status, b"no")


def test_an_unreachable_cluster_gives_status_0_and_is_named_when_asked_for(tmp_path: Path) -> None:
    """A node that stops in the middle of a wait must not end it with a traceback."""
    gone = ApiServer("http://127.0.0.1:9", tmp_path)
    cluster = Cluster(gone.kubeconfig)
    cluster.api.configuration.retries = 0
    status, said = cluster.get(TEMPO, "/ready")
    assert status == 0
    assert b"refused" in said
    with pytest.raises(LabError, match=r"The cluster at http://127\.0\.0\.1:9 does not answer"):
        cluster.answers()


def test_a_file_that_is_no_kubeconfig_is_named(tmp_path: Path) -> None:
    """It was named by hand, in an environment variable."""
    file = tmp_path / "notes.txt"
    file.write_text("clusters: none")
    with pytest.raises(LabError, match=r"notes\.txt is not a usable kubeconfig"):
        Cluster(file)
