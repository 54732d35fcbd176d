"""Give the lab's Prometheus the targets and rules of the deployed stack, as the Prometheus operator would."""

from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from pathlib import Path
from typing import Any

import requests
import yaml
from kubernetes import client

from lab.cluster.service import Cluster
from lab.errors import LabError
from lab.monitoring.scraping import scrape_jobs
from lab.node.layout import ALERTMANAGER_ADDRESS, PROMETHEUS_URL, NodeFolder

_GROUP, _VERSION = "monitoring.coreos.com", "v1"
# The operator's default is 30 s; people who look at a lab should not wait that long.
_INTERVAL = "10s"
_TIMEOUT_SECONDS = 10


def follow_stack(cluster: Cluster, folder: NodeFolder, update: Callable[[str], None]) -> None:
    """Write targets and rules of all ServiceMonitors and PrometheusRules, and reload if anything changed.

    Raises LabError when Prometheus refuses them.
    """
    update("reading ServiceMonitors and rules")
    monitors = _objects(cluster, "servicemonitors")
    jobs = [job for monitor in monitors for job in scrape_jobs(monitor, str(folder.targets))]
    if not _write(folder.prometheus, jobs, _objects(cluster, "prometheusrules")):
        return
    with requests.Session() as session:
        session.trust_env = False
        answer = session.post(f"{PROMETHEUS_URL}/-/reload", timeout=_TIMEOUT_SECONDS)
    if answer.status_code != HTTPStatus.OK:
        raise LabError(
            f"The lab's Prometheus refuses the stack's targets or rules: {answer.text.strip()}",
            f"Read them in {folder.prometheus}, and {folder.log('prometheus')}.",
        )


def _objects(cluster: Cluster, plural: str) -> Sequence[Mapping[str, Any]]:
    found: Any = cluster.ask(
        client.CustomObjectsApi(cluster.api).list_cluster_custom_object, _GROUP, _VERSION, plural
    )
    items: Sequence[Mapping[str, Any]] = found["items"]
    return items


def _write(folder: Path, jobs: Sequence[Mapping[str, Any]], rules: Sequence[Mapping[str, Any]]) -> bool:
    """Write the files that differ, delete rules that are gone; return whether anything changed."""
    own = {"job_name": "prometheus", "static_configs": [{"targets": [PROMETHEUS_URL.removeprefix("http://")]}]}
    config = {
        "global": {"scrape_interval": _INTERVAL, "evaluation_interval": _INTERVAL},
        "alerting": {"alertmanagers": [{"static_configs": [{"targets": [ALERTMANAGER_ADDRESS]}]}]},
        "rule_files": [f"{folder}/rules/*.yaml"],
        "scrape_configs": [own, *jobs],
    }
    files = {folder / "prometheus.yml": config} | {
        folder / "rules" / f"{rule['metadata']['namespace']}-{rule['metadata']['name']}.yaml": rule["spec"]
        for rule in rules
    }
    (folder / "rules").mkdir(parents=True, exist_ok=True)
    gone = [path for path in (folder / "rules").iterdir() if path not in files]
    for path in gone:
        path.unlink()
    texts = {path: yaml.safe_dump(content, sort_keys=False) for path, content in files.items()}
    changed = [
        path for path, text in texts.items() if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    for path in changed:
        path.write_text(texts[path], encoding="utf-8")
    return bool(gone or changed)
