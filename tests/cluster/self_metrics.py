"""The collectors' own metrics, read directly from their Pods."""

import re
from collections.abc import Mapping

import requests

from render.names import COLLECTOR_METRICS_PORT
from tests.support.live import LiveStack

_LINE = re.compile(r"^([a-zA-Z_:][\w:]*)(\{[^}]*\})? (\S+)", re.MULTILINE)
_TIMEOUT_SECONDS = 10.0


def totals(stack: LiveStack, component: str) -> dict[str, float]:
    """Return the sum of each metric over all Pods of a collector and all label values."""
    sums: dict[str, float] = {}
    for name, _, value in _samples(stack, component):
        sums[name] = sums.get(name, 0.0) + value
    return sums


def labelled(stack: LiveStack, component: str, metric: str, label: str) -> dict[str, float]:
    """Return one metric's sum over all Pods, by the value of a label."""
    sums: dict[str, float] = {}
    for name, labels, value in _samples(stack, component):
        if name == metric and (found := re.search(rf'[{{,]{label}="([^"]*)"', labels)):
            sums[found[1]] = sums.get(found[1], 0.0) + value
    return sums


def growth(before: Mapping[str, float], after: Mapping[str, float]) -> dict[str, float]:
    """Return the increase of each metric; a new one counts from 0."""
    return {name: value - before.get(name, 0.0) for name, value in after.items()}


def _samples(stack: LiveStack, component: str) -> list[tuple[str, str, float]]:
    found = []
    with requests.Session() as session:
        # A proxy for the internet cannot reach the lab.
        session.trust_env = False
        for pod in stack.pods(component):
            url = f"http://{pod.status.pod_ip}:{COLLECTOR_METRICS_PORT}/metrics"
            answer = session.get(url, timeout=_TIMEOUT_SECONDS)
            answer.raise_for_status()
            found += [(name, labels, float(value)) for name, labels, value in _LINE.findall(answer.text)]
    return found
