"""A real Prometheus that receives Tempo's metrics by remote write, and queries for its content."""

from typing import Any

from tests.support.processes import Processes
from tests.support.tools import system_program
from tests.tools.loopback import address, direct_session

HOST = address(12)
_URL = f"http://{HOST}:9090"
_HOUR_SECONDS = 3600


def start_prometheus(running: Processes) -> None:
    """Start a Prometheus that scrapes nothing."""
    folder = running.folder / "prometheus"
    folder.mkdir()
    (folder / "prometheus.yml").write_text("{}\n", encoding="utf-8")
    flags = [
        f"--config.file={folder}/prometheus.yml",
        f"--storage.tsdb.path={folder}/data",
        f"--web.listen-address={HOST}:9090",
        "--web.enable-remote-write-receiver",
        "--enable-feature=exemplar-storage",
    ]
    running.start("prometheus", [system_program("prometheus"), *flags], {})


def calls_by_tenant() -> dict[str, int]:
    """Return the number of counted spans by the label `tenant`, which is empty for series without it."""
    found = _get("query", {"query": "sum by (tenant) (traces_spanmetrics_calls_total)"})
    return {one["metric"].get("tenant", ""): int(float(one["value"][1])) for one in found["result"]}


def exemplars_of(tenant: str, now: float) -> set[str]:
    """Return the ids of the traces in the exemplars of a tenant's latencies."""
    query = f'traces_spanmetrics_latency_bucket{{tenant="{tenant}"}}'
    found = _get("query_exemplars", {"query": query, "start": now - _HOUR_SECONDS, "end": now + _HOUR_SECONDS})
    return {exemplar["labels"]["traceID"].zfill(32) for series in found for exemplar in series["exemplars"]}


def _get(path: str, parameters: dict[str, Any]) -> Any:
    with direct_session() as session:
        answer = session.get(f"{_URL}/api/v1/{path}", params=parameters, timeout=10)
    answer.raise_for_status()
    return answer.json()["data"]
