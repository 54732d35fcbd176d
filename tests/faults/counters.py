"""What the collectors and Tempo counted during a fault, over restarts of their processes.

A counter begins at 0 with its process, so growth is summed over processes: of each, its last reading, less its
first one if it ran already when the watch began. What a process counted between its last reading and its death,
up to a second, is not seen. The counter of a process that lives on is exact.
"""

import threading
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import requests
import urllib3
from kubernetes.client import ApiException
from prometheus_client.samples import Sample

from render.names import AGENT, GATEWAY, TEMPO
from tests.cluster.self_metrics import samples_of
from tests.support.live import LiveStack

COMPONENTS = (AGENT, GATEWAY, TEMPO)
_EACH_SECONDS = 1.0
_API_SECONDS = 3.0
# The labels or the value of one of these are different in each process.
_IDENTITIES = {"target_info", "process_start_time_seconds"}
# Spans that the sampler's policies dropped: counted apart by policy, under this name and the policy's.
DROPPED = "otelcol_processor_tail_sampling_count_spans_sampled_total"
_RESIDENT = "otelcol_process_memory_rss_bytes"
# Bytes on disk, and requests that are under way or wait for their next attempt.
_WAITING = {"otelcol_exporter_queue_size", "otelcol_exporter_in_flight_requests"}
Key = tuple[str, str]
Readings = Mapping[Key, float]


def identity(samples: Iterable[Sample]) -> str:
    """Return what tells a process from the one before it in the same Pod."""
    return " ".join(f"{sample.labels}{sample.value}" for sample in samples if sample.name in _IDENTITIES)


def growth(first: Mapping[str, Readings], last: Mapping[str, Readings]) -> Counter[Key]:
    """Return the sum over all processes of the growth of each counter, by component and name.

    Readings are by process; one that is not in `first` began at 0.
    """
    grown: Counter[Key] = Counter()
    for process, readings in last.items():
        for key, value in readings.items():
            grown[key] += round(value - first.get(process, {}).get(key, 0.0))
    return grown


@dataclass
class Counters:
    """The first and the last readings of every process, and what waits in each collector.

    `resident` is the highest resident memory of a process of each collector, in bytes.
    """

    stack: LiveStack
    first: dict[str, dict[Key, float]] = field(default_factory=dict)
    last: dict[str, dict[Key, float]] = field(default_factory=dict)
    waiting: dict[str, float] = field(default_factory=dict)
    resident: dict[str, float] = field(default_factory=dict)

    def read(self) -> None:
        """Read every Pod that answers."""
        try:
            # A node that is gone answers nothing, not even that.
            found = self.stack.core.list_namespaced_pod(self.stack.namespace, _request_timeout=_API_SECONDS)
        except (ApiException, urllib3.exceptions.HTTPError, OSError):
            return
        pods: list[Any] = found.items
        for pod in pods:
            component = (pod.metadata.labels or {}).get("app.kubernetes.io/name", "")
            if component in COMPONENTS:
                self._read(component, pod)

    def grown(self) -> Counter[Key]:
        """Return the growth of each counter, by component and name."""
        return growth(self.first, self.last)

    def started(self, component: str) -> int:
        """Return how many processes of a component began during the watch."""
        return sum(process.startswith(f"{component} ") for process in self.last.keys() - self.first.keys())

    def idle(self) -> bool:
        """Return whether no collector had anything to send at the last reading."""
        return not any(self.waiting.values())

    def _read(self, component: str, pod: object) -> None:
        try:
            samples = samples_of(pod)
        # A Pod without an address, or one that is starting or gone.
        except (requests.RequestException, ValueError):
            return
        sums: dict[Key, float] = defaultdict(float)
        for sample in samples:
            if sample.name.endswith("_total"):
                sums[component, sample.name] += sample.value
            if sample.name == DROPPED and sample.labels["decision"] == "dropped":
                sums[component, f"{sample.name} {sample.labels['policy']}"] += sample.value
            if sample.name == _RESIDENT:
                self.resident[component] = max(sample.value, self.resident.get(component, 0.0))
        self.last[f"{component} {identity(samples)}"] = dict(sums)
        self.waiting[component] = sum(sample.value for sample in samples if sample.name in _WAITING)


@contextmanager
def watched(stack: LiveStack) -> Iterator[Counters]:
    """Read the counters each second inside the block, and once more at its end."""
    counters, done = Counters(stack), threading.Event()
    counters.read()
    counters.first.update(counters.last)

    def follow() -> None:
        while not done.wait(_EACH_SECONDS):
            counters.read()

    thread = threading.Thread(target=follow, daemon=True)
    thread.start()
    try:
        yield counters
    finally:
        done.set()
        thread.join()
        counters.read()
