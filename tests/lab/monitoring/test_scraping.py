from typing import Any

import pytest
import yaml

from lab.errors import LabError
from lab.monitoring.scraping import scrape_jobs

MONITOR: dict[str, Any] = {
    "metadata": {"name": "otel-agent", "namespace": "tracing"},
    "spec": {
        "selector": {"matchLabels": {"app.kubernetes.io/name": "otel-agent"}},
        "endpoints": [
            {
                "port": "metrics",
                "path": "/metrics",
                "relabelings": [
                    {
                        "sourceLabels": ["__meta_kubernetes_namespace"],
                        "targetLabel": "job",
                        "replacement": "$1/otel-agent",
                    }
                ],
            },
            {"port": "span-metrics", "interval": "15s"},
        ],
    },
}


def test_each_endpoint_of_a_monitor_becomes_a_job() -> None:
    first, second = scrape_jobs(MONITOR, "/targets.json")
    assert first["job_name"] == "serviceMonitor/tracing/otel-agent/0"
    assert "scrape_interval" not in first
    assert second["scrape_interval"] == "15s"


def test_only_the_named_port_of_the_selected_services_is_kept() -> None:
    job, _ = scrape_jobs(MONITOR, "/targets.json")
    kept = {
        rule["source_labels"][0]: rule["regex"] for rule in job["relabel_configs"] if rule.get("action") == "keep"
    }
    assert kept == {
        "__meta_kubernetes_namespace": "tracing",
        "__meta_kubernetes_service_label_app_kubernetes_io_name": "otel-agent",
        "__meta_kubernetes_endpoint_port_name": "metrics",
    }


def test_relabelings_of_the_monitor_come_last_in_the_words_of_prometheus() -> None:
    job, _ = scrape_jobs(MONITOR, "/targets.json")
    assert job["relabel_configs"][-1] == {
        "source_labels": ["__meta_kubernetes_namespace"],
        "target_label": "job",
        "replacement": "$1/otel-agent",
    }


def test_a_field_that_is_not_read_is_refused() -> None:
    """Silently ignored, it would leave a target without its metrics."""
    changed = yaml.safe_load(yaml.safe_dump(MONITOR))
    changed["spec"]["endpoints"][0]["basicAuth"] = {}
    with pytest.raises(LabError, match="basicAuth"):
        list(scrape_jobs(changed, "/targets.json"))
