"""A real Prometheus that receives Tempo's metrics by remote write or scrapes agents, and queries."""

import json
import time
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from tests.support.processes import Processes
from tests.support.tools import system_program
from tests.support.waiting import eventually
from tests.tools.loopback import address, answers, direct_session

HOST = address(12)
_URL = f"http://{HOST}:9090"
_HOUR_SECONDS = 3600
_SCRAPE_SECONDS = 1
Series = dict[tuple[str, ...], float]


def start_prometheus(
    running: Processes, scraped: Sequence[str] = (), jobs: Mapping[str, str] = MappingProxyType({})
) -> None:
    """Start a Prometheus that scrapes these addresses (host and port) every second.

    `jobs` are further addresses by the label `job` that their series get.
    """
    folder = running.folder / "prometheus"
    folder.mkdir()
    targets = {name: [target] for name, target in jobs.items()}
    if scraped:
        targets["span-metrics"] = list(scraped)
    config = {
        # Not faster: an address that answers later has no series until its next scrape.
        "global": {"scrape_interval": f"{_SCRAPE_SECONDS}s", "scrape_timeout": f"{_SCRAPE_SECONDS}s"},
        "scrape_configs": [
            {"job_name": name, "static_configs": [{"targets": found}]} for name, found in targets.items()
        ],
    }
    (folder / "prometheus.yml").write_text(json.dumps(config), encoding="utf-8")
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


def wait_until_ready() -> None:
    """Return when it answers queries."""
    eventually(lambda: answers(f"{_URL}/-/ready"), "Prometheus is ready", 30)


def settled() -> float:
    """Return the newest time at which no scrape can change a series any more."""
    return time.time() - 2 * _SCRAPE_SECONDS


def values(query: str, *labels: str, at: float | None = None) -> Series:
    """Return what a PromQL query finds, by the values of these labels; without a label it is empty.

    `at` is the time that it asks about, by default now.
    """
    found = _get("query", {"query": query} | ({} if at is None else {"time": at}))["result"]
    return {tuple(one["metric"].get(label, "") for label in labels): float(one["value"][1]) for one in found}


def exemplars(selector: str, now: float) -> list[dict[str, Any]]:
    """Return the exemplars of the last hour, each with its `labels` and `value`."""
    span = {"start": now - _HOUR_SECONDS, "end": now + _HOUR_SECONDS}
    found = _get("query_exemplars", {"query": selector, **span})
    return [exemplar for series in found for exemplar in series["exemplars"]]


def get(path: str, parameters: Mapping[str, Any]) -> Any:
    """Return the JSON document of an answer; AssertionError with the reason of a refusal."""
    with direct_session() as session:
        answer = session.get(f"{_URL}{path}", params=dict(parameters), timeout=10)
    assert answer.ok, f"{answer.status_code}: {answer.text}"
    return answer.json()


def _get(path: str, parameters: dict[str, Any]) -> Any:
    return get(f"/api/v1/{path}", parameters)["data"]
