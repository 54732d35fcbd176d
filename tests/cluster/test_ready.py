"""What `make ready` says of the lab's own node and the dojo."""

import pytest

from ready.finding import State
from tests.cluster.lab_command import lab
from tests.support.live import LiveStack, section
from tests.support.readiness import Readiness

pytestmark = pytest.mark.cluster


def test_the_command_reports_on_the_labs_cluster(dojo: LiveStack) -> None:
    """Its volumes cannot be enlarged; everything else that the dojo needs is there."""
    ended = lab("ready")
    assert ended.code == 1, ended.output
    assert f"Cluster  {dojo.cluster.host}" in ended.output
    (unmet,) = [line for line in ended.output.splitlines() if line.startswith("✗")]
    assert "larger volumes" in unmet
    assert "✓ met            StorageClass" in ended.output


def test_what_the_labs_cluster_lacks_is_told(dojo: LiveStack) -> None:
    """Settings that the dojo does without."""
    wanted = section("grafana", provisioning="operator", prometheus_url="http://prometheus.nowhere.svc:9090")
    found = Readiness(dojo.target, dojo.name).report(wanted)
    assert found["Grafana operator"].state is State.NOT_MET
    assert found["Prometheus"].state is State.NOT_MET
