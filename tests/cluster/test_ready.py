"""What `make ready` says of the lab's own node and the dojo."""

import socket
from pathlib import Path
from typing import Any

import pytest

from lab.node.layout import MACHINE_ADDRESS
from ready.finding import State
from tests.cluster.lab_command import lab
from tests.support.live import LiveStack, section
from tests.support.processes import processes
from tests.support.readiness import Readiness, objects
from tests.support.tools import system_program
from tests.support.waiting import eventually

pytestmark = pytest.mark.cluster

_MONITORING = "ready-monitoring"
_PORT = 9390
_URL = f"http://prometheus.{_MONITORING}.svc:{_PORT}"


def test_the_command_reports_on_the_labs_cluster(dojo: LiveStack) -> None:
    """Its volumes cannot be enlarged; everything else that the dojo needs is there."""
    ended = lab("ready")
    assert ended.code == 1, ended.output
    assert f"Cluster  {dojo.cluster.host}" in ended.output
    unmet = [line for line in ended.output.splitlines() if line.startswith("✗")]
    assert [line.split("not met")[1].split("  ")[0] for line in unmet] != []
    assert all("larger volumes" in line for line in unmet), ended.output
    assert "✓ met            StorageClass" in ended.output


def test_what_the_labs_cluster_lacks_is_told(dojo: LiveStack) -> None:
    """Prod's settings that the dojo does without."""
    wanted = section("grafana", service_monitors=True, prometheus_url=_URL)
    found = Readiness(dojo.target, dojo.name).report(wanted)
    assert found["ServiceMonitors"].state is State.NOT_MET
    assert found["Prometheus"].state is State.NOT_MET


def test_a_real_prometheus_is_asked_through_the_api_server(dojo: LiveStack, tmp_path: Path) -> None:
    """Its answers are those of its release, and not this project's idea of them."""
    wanted = {**section("grafana", prometheus_url=_URL), **section("retention", aggregated_metrics_days=30)}
    readiness = Readiness(dojo.target, dojo.name)
    (tmp_path / "prometheus.yml").write_text("{}\n", encoding="utf-8")
    plain: list[str | Path] = [
        system_program("prometheus"),
        f"--config.file={tmp_path}/prometheus.yml",
        f"--storage.tsdb.path={tmp_path}/data",
        f"--web.listen-address={MACHINE_ADDRESS}:{_PORT}",
    ]
    complete = [
        "--web.enable-remote-write-receiver",
        "--enable-feature=exemplar-storage",
        "--storage.tsdb.retention.time=30d",
    ]
    with objects(dojo.cluster.api, *_service()), processes(tmp_path) as running:
        running.start("prometheus", plain, {})
        eventually(_answers, "Prometheus listens")
        assert {"remote write", "exemplars", "metrics' retention"} <= set(readiness.unmet(wanted))
        running.kill("prometheus")
        running.start("prometheus", [*plain, *complete], {})
        eventually(_answers, "Prometheus listens")
        found = readiness.report(wanted)
        assert {found[name].state for name in ("remote write", "exemplars", "metrics' retention")} == {State.MET}


def _answers() -> bool:
    with socket.socket() as connection:
        return connection.connect_ex((str(MACHINE_ADDRESS), _PORT)) == 0


def _service() -> list[dict[str, Any]]:
    """Return a Service whose only endpoint is this machine."""
    metadata = {"name": "prometheus", "namespace": _MONITORING}
    ports = [{"name": "web", "port": _PORT}]
    return [
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": _MONITORING}},
        {"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": {"ports": ports}},
        # The API server's proxy reads Endpoints, not EndpointSlices.
        {
            "apiVersion": "v1",
            "kind": "Endpoints",
            "metadata": metadata,
            "subsets": [{"addresses": [{"ip": str(MACHINE_ADDRESS)}], "ports": ports}],
        },
    ]
