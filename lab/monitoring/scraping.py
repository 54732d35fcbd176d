"""Scrape jobs of ServiceMonitors, as the Prometheus operator makes them of the fields that this project uses."""

from collections.abc import Iterator, Mapping
from typing import Any

from lab.errors import LabError
from lab.node.discovery import label_name

Job = dict[str, Any]
_READ = {"port", "path", "interval", "relabelings"}
# What the operator copies into each target's labels, by its source.
_TARGET_LABELS = {
    "namespace": "__meta_kubernetes_namespace",
    "service": "__meta_kubernetes_service_name",
    "pod": "__meta_kubernetes_pod_name",
    "container": "__meta_kubernetes_pod_container_name",
    "job": "__meta_kubernetes_service_name",
}


def scrape_jobs(monitor: Mapping[str, Any], targets: str) -> Iterator[Job]:
    """Yield a job for each endpoint of a ServiceMonitor; LabError for a field that the lab does not know.

    `targets` is the file that `lab/node/discovery.py` writes.
    """
    metadata, spec = monitor["metadata"], monitor["spec"]
    for number, endpoint in enumerate(spec["endpoints"]):
        name = f"serviceMonitor/{metadata['namespace']}/{metadata['name']}/{number}"
        if unknown := sorted(set(endpoint) - _READ):
            raise LabError(
                f"The ServiceMonitor {metadata['name']} has {', '.join(unknown)}, which the lab does not read.",
                "Extend lab/monitoring/scraping.py.",
            )
        job: Job = {
            "job_name": name,
            "metrics_path": endpoint.get("path", "/metrics"),
            "file_sd_configs": [{"files": [targets]}],
            "relabel_configs": [*_kept(metadata["namespace"], spec, endpoint), *_labelled(endpoint)],
        }
        yield job | ({"scrape_interval": endpoint["interval"]} if "interval" in endpoint else {})


def _kept(namespace: str, spec: Mapping[str, Any], endpoint: Mapping[str, Any]) -> Iterator[Job]:
    """Yield rules that keep the port of the selected Services, on Pods that run."""
    yield {"action": "keep", "source_labels": ["__meta_kubernetes_namespace"], "regex": namespace}
    for label, value in spec["selector"]["matchLabels"].items():
        source = f"__meta_kubernetes_service_label_{label_name(label)}"
        yield {"action": "keep", "source_labels": [source], "regex": value}
    yield {
        "action": "keep",
        "source_labels": ["__meta_kubernetes_endpoint_port_name"],
        "regex": endpoint["port"],
    }
    yield {"action": "drop", "source_labels": ["__meta_kubernetes_pod_phase"], "regex": "(Failed|Succeeded)"}


def _labelled(endpoint: Mapping[str, Any]) -> Iterator[Job]:
    for label, source in _TARGET_LABELS.items():
        yield {"source_labels": [source], "target_label": label}
    yield {"target_label": "endpoint", "replacement": endpoint["port"]}
    for rule in endpoint.get("relabelings", ()):
        yield {_snake(name): value for name, value in rule.items()}


def _snake(name: str) -> str:
    """Return Prometheus' name of a field of the operator: `sourceLabels` is `source_labels`."""
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)
