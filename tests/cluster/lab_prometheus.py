"""The lab's Prometheus: what it answers, which alerts fire, and rules that do not wait."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import requests
import yaml

from lab.monitoring.prometheus import follow_stack
from lab.node.layout import PROMETHEUS_URL, NodeFolder
from tests.support.live import LiveStack

_TIMEOUT_SECONDS = 10
# Two evaluations, so that one odd sample is no alert here either.
_IMPATIENT = "20s"


def answer(path: str, parameters: dict[str, Any]) -> Any:
    """Return the data of an answer of Prometheus' API: `query`, `alerts`."""
    with requests.Session() as session:
        session.trust_env = False
        found = session.get(f"{PROMETHEUS_URL}/api/v1/{path}", params=parameters, timeout=_TIMEOUT_SECONDS)
    found.raise_for_status()
    return found.json()["data"]


def firing() -> set[str]:
    """Return the names of the alerts that fire now."""
    alerts = answer("alerts", {})["alerts"]
    return {alert["labels"]["alertname"] for alert in alerts if alert["state"] == "firing"}


def scraped_jobs() -> set[str]:
    """Return the jobs of which Prometheus has a target that answers."""
    targets = answer("targets", {"state": "active"})["activeTargets"]
    return {target["labels"]["job"] for target in targets if target["health"] == "up"}


@contextmanager
def impatient_rules(stack: LiveStack) -> Iterator[None]:
    """Let alerts fire after 20 s inside the block, instead of minutes; their expressions stay as they are."""
    assert stack.target.node
    folder = NodeFolder(stack.target.node.folder)
    for file in (folder.prometheus / "rules").iterdir():
        rules = yaml.safe_load(file.read_text(encoding="utf-8"))
        for group in rules["groups"]:
            group["interval"] = "5s"
            for rule in group["rules"]:
                if "for" in rule:
                    rule["for"] = _IMPATIENT
        file.write_text(yaml.safe_dump(rules, sort_keys=False), encoding="utf-8")
    _reload()
    try:
        yield
    finally:
        follow_stack(stack.cluster, folder, lambda _: None)


def _reload() -> None:
    with requests.Session() as session:
        session.trust_env = False
        session.post(f"{PROMETHEUS_URL}/-/reload", timeout=_TIMEOUT_SECONDS).raise_for_status()
