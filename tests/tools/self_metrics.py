"""The own metrics of processes on loopback addresses."""

import requests
from prometheus_client.samples import Sample

from lab.monitoring.exposition import samples, total
from tests.tools.loopback import direct_session

_TIMEOUT_SECONDS = 10.0


def samples_at(host: str, port: int) -> list[Sample]:
    """Return the samples of a process; a requests.RequestException while it does not answer with its metrics."""
    with direct_session() as session:
        answer = session.get(f"http://{host}:{port}/metrics", timeout=_TIMEOUT_SECONDS)
        answer.raise_for_status()
        return samples(answer.text)


def counted(host: str, port: int, metric: str, **labels: str) -> int:
    """Return the sum of a metric's series that have these labels; 0 while the process does not answer."""
    try:
        return int(total(samples_at(host, port), metric, **labels))
    except requests.RequestException:
        return 0
