"""Why something is not ready, in the words of its Pods and of the cluster's warnings."""

from collections.abc import Iterator

from lab.providers.kubernetes.cluster import Cluster
from lab.providers.kubernetes.readiness import condition
from lab.providers.values import Json, lookup

# Enough to act on: more Pods of one workload nearly always fail for the same reason.
_MOST_PODS = 3
_MOST_EVENTS = 4
# These repeat what the container's own state says.
_SAID_ALREADY = {"BackOff", "Failed", "FailedScheduling"}


def explain(cluster: Cluster, live: Json) -> list[str]:
    """Return sentences that say which Pods of the object are not ready and why, and recent warnings."""
    namespace, name = live["metadata"].get("namespace"), live["metadata"]["name"]
    waiting = [pod for pod in _pods(cluster, live, namespace) if condition(pod, "Ready").get("status") != "True"]
    said = [line for pod in waiting[:_MOST_PODS] for line in pod_reasons(pod)]
    said += [line for pod in waiting for line in _stuck(live, pod)]
    if len(waiting) > _MOST_PODS:
        said.append(f"{len(waiting) - _MOST_PODS} more Pods are not ready either")
    return said + list(_warnings(cluster, namespace, name)) if namespace else said


def pod_reasons(pod: Json) -> Iterator[str]:
    """Say why one Pod is not ready: not scheduled, or container by container."""
    name = pod["metadata"]["name"]
    scheduled = condition(pod, "PodScheduled")
    if scheduled.get("status") == "False":
        yield f"Pod {name} cannot be placed: {scheduled.get('message', scheduled.get('reason'))}"
    statuses = (lookup(pod, ("status", field)) or [] for field in ("initContainerStatuses", "containerStatuses"))
    for status in (one for some in statuses for one in some):
        if not status.get("ready") and (why := _container_reason(status)):
            yield f"Pod {name}, container {status['name']}: {why}"


def _stuck(live: Json, pod: Json) -> Iterator[str]:
    """Say when a StatefulSet waits for a broken Pod of its old template, which it never replaces by itself."""
    newest = lookup(live, ("status", "updateRevision"))
    revision = lookup(pod, ("metadata", "labels", "controller-revision-hash"))
    ordered = live["kind"] == "StatefulSet" and lookup(live, ("spec", "podManagementPolicy")) != "Parallel"
    if ordered and newest and revision != newest:
        yield f"Pod {pod['metadata']['name']} is of the old template and was never ready: delete it to go on"


def _container_reason(status: Json) -> str:
    last = lookup(status, ("lastState", "terminated"))
    parts = [_state_reason(status.get("state", {}))]
    if last:
        parts.append("before that it " + _ended(last))
    return "; ".join(part for part in parts if part)


def _state_reason(state: Json) -> str:
    if waiting := state.get("waiting"):
        return ": ".join(filter(None, (waiting.get("reason"), waiting.get("message"))))
    if ended := state.get("terminated"):
        # An init container that did its work is not ready, and nothing is wrong with it.
        return _ended(ended) if ended.get("exitCode") else ""
    return "running, but its readiness probe does not pass"


def _ended(terminated: Json) -> str:
    message = str(terminated.get("message") or "").strip()
    why = terminated.get("reason", "no reason given")
    return f"ended with {terminated.get('exitCode')} ({why})" + (f": {message}" if message else "")


def _pods(cluster: Cluster, live: Json, namespace: str | None) -> list[Json]:
    if live["kind"] == "Pod":
        return [live]
    labels = lookup(live, ("spec", "selector", "matchLabels"))
    if not labels or not namespace:
        return []
    selector = ",".join(f"{key}={value}" for key, value in labels.items())
    return cluster.list("v1", "Pod", namespace, label_selector=selector)


def _warnings(cluster: Cluster, namespace: str, name: str) -> Iterator[str]:
    """Yield the newest warnings about the object and about what its controller made for it."""
    events = cluster.list("v1", "Event", namespace, field_selector="type=Warning")
    about = [
        event
        for event in events
        if f"{event['involvedObject'].get('name')}-".startswith(f"{name}-")
        and event.get("reason") not in _SAID_ALREADY
    ]
    # The newest of each kind: a controller that tries again says the same of every attempt.
    newest = {_topic(event): event for event in sorted(about, key=_time)}
    for topic, event in list(newest.items())[-_MOST_EVENTS:]:
        yield f"{topic}: {str(event.get('message')).strip()}"


def _topic(event: Json) -> str:
    about = event["involvedObject"]
    return f"{about.get('kind')} {about.get('name')}: {event.get('reason')}"


def _time(event: Json) -> str:
    return str(event.get("lastTimestamp") or event.get("eventTime"))
