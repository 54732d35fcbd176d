"""The dojo's synthetic check, on the lab's own node."""

import pytest
import requests

from lab.monitoring.exposition import samples, series
from render.names import SYNTHETIC_CHECK, SYNTHETIC_CHECK_PORT
from tests.support.live import LiveStack
from tests.support.waiting import eventually

pytestmark = pytest.mark.cluster

# An interval, the deadline of an attempt, and the start of the Pod.
_SECONDS = 150.0


def test_the_check_reads_its_traces_by_both_ways(dojo: LiveStack) -> None:
    """Its Pod runs Python from the image's layer, and the policies let it write and read."""
    if dojo.target.node is None:
        pytest.skip("On a cluster of somebody else, its Prometheus says so.")
    dojo.bring()
    wanted = {(way, read) for way in ("agent", "gateway") for read in ("write", "id", "search")}
    eventually(lambda: wanted <= _succeeded(dojo), "every way succeeded", _SECONDS)


def _succeeded(dojo: LiveStack) -> set[tuple[str, str]]:
    """Return way and read of what took a time from its write: of what succeeded."""
    (address,) = (pod.status.pod_ip for pod in dojo.pods(SYNTHETIC_CHECK) if pod.status.pod_ip)
    page = requests.get(f"http://{address}:{SYNTHETIC_CHECK_PORT}/metrics", timeout=5).text
    found = series(samples(page), "tracing_check_seconds")
    return {(sample.labels["way"], sample.labels["read"]) for sample in found}
