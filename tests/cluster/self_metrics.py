"""The own metrics of collectors and Tempo, read directly from their Pods."""

import math
from collections.abc import Mapping
from typing import Any

import requests
from prometheus_client.samples import Sample

from lab.monitoring.exposition import samples, series
from render.names import COLLECTOR_METRICS_PORT, GATEWAY, TEMPO, TEMPO_HTTP_PORT
from tests.support.live import LiveStack

_TIMEOUT_SECONDS = 10.0


def totals(stack: LiveStack, component: str) -> dict[str, float]:
    """Return the sum of each metric over all Pods of a collector and all label values."""
    sums: dict[str, float] = {}
    for sample in _samples(stack, component):
        sums[sample.name] = sums.get(sample.name, 0.0) + sample.value
    return sums


def queued(stack: LiveStack, component: str) -> float:
    """Return the bytes in the queues of all Pods of a collector; not a number while no Pod tells."""
    return totals(stack, component).get("otelcol_exporter_queue_size", math.nan)


def undecided(stack: LiveStack) -> float:
    """Return the traces that the gateways held at their last tick, up to a second ago; nan while no Pod tells."""
    return totals(stack, GATEWAY).get("otelcol_processor_tail_sampling_sampling_traces_on_memory", math.nan)


def labelled(stack: LiveStack, component: str, metric: str, label: str) -> dict[str, float]:
    """Return one metric's sum over all Pods, by the value of a label."""
    sums: dict[str, float] = {}
    for sample in series(_samples(stack, component), metric):
        if found := sample.labels.get(label):
            sums[found] = sums.get(found, 0.0) + sample.value
    return sums


def growth(before: Mapping[str, float], after: Mapping[str, float]) -> dict[str, float]:
    """Return the increase of each metric; a new one counts from 0."""
    return {name: value - before.get(name, 0.0) for name, value in after.items()}


def samples_of(pod: Any) -> list[Sample]:
    """Return a Pod's samples; a requests.RequestException if it is away."""
    tempo = pod.metadata.labels["app.kubernetes.io/name"] == TEMPO
    url = f"http://{pod.status.pod_ip}:{TEMPO_HTTP_PORT if tempo else COLLECTOR_METRICS_PORT}/metrics"
    with requests.Session() as session:
        # A proxy for the internet cannot reach the lab.
        session.trust_env = False
        answer = session.get(url, timeout=_TIMEOUT_SECONDS)
        answer.raise_for_status()
    return samples(answer.text)


def _samples(stack: LiveStack, component: str) -> list[Sample]:
    return [sample for pod in stack.pods(component) for sample in samples_of(pod)]
