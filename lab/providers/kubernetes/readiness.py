"""Whether one live object has become what it should: a judgement of its status, without any request."""

from collections.abc import Callable
from dataclasses import dataclass

from lab.providers.values import Json, lookup


@dataclass(frozen=True)
class Verdict:
    """`text` says how far it is; a `failed` object will not become ready by waiting."""

    ready: bool
    text: str = ""
    failed: bool = False


_READY = Verdict(ready=True)


def judge(live: Json) -> Verdict:
    """Judge a live object; kinds that need no waiting are ready."""
    group = str(live["apiVersion"]).rpartition("/")[0]
    check = _CHECKS.get((group, live["kind"]))
    return check(live) if check else _READY


def condition(live: Json, kind: str) -> Json:
    """Return the condition of this type, or an empty one."""
    conditions = lookup(live, ("status", "conditions")) or []
    return next((one for one in conditions if one["type"] == kind), {})


def _observed(live: Json) -> bool:
    """Say whether the controller has seen the newest version of the object."""
    return _number(live, "observedGeneration") >= int(live["metadata"].get("generation", 0))


def _number(live: Json, field: str) -> int:
    return int(lookup(live, ("status", field)) or 0)


def _deployment(live: Json) -> Verdict:
    progressing = condition(live, "Progressing")
    if not _observed(live):
        return Verdict(ready=False, text="waiting for the controller")
    if progressing.get("reason") == "ProgressDeadlineExceeded":
        return Verdict(ready=False, text=progressing.get("message", ""), failed=True)
    wanted, updated = live["spec"]["replicas"], _number(live, "updatedReplicas")
    old = _number(live, "replicas") - updated
    available = _number(live, "availableReplicas")
    if updated >= wanted and old <= 0 and available >= updated:
        return _READY
    return _progress(f"{min(available, updated)} of {wanted} Pods available", old)


def _stateful_set(live: Json) -> Verdict:
    if not _observed(live):
        return Verdict(ready=False, text="waiting for the controller")
    wanted, ready = live["spec"]["replicas"], _number(live, "readyReplicas")
    if ready < wanted:
        return _progress(f"{ready} of {wanted} Pods ready")
    strategy = lookup(live, ("spec", "updateStrategy", "type"))
    partition = int(lookup(live, ("spec", "updateStrategy", "rollingUpdate", "partition")) or 0)
    due = 0 if strategy == "OnDelete" else max(0, wanted - partition)
    updated = _number(live, "updatedReplicas")
    return _READY if updated >= due else _progress(f"{updated} of {due} Pods updated")


def _daemon_set(live: Json) -> Verdict:
    if not _observed(live):
        return Verdict(ready=False, text="waiting for the controller")
    wanted = _number(live, "desiredNumberScheduled")
    available = min(_number(live, "updatedNumberScheduled"), _number(live, "numberAvailable"))
    return _READY if available >= wanted else _progress(f"{available} of {wanted} Pods available")


def _job(live: Json) -> Verdict:
    failed = condition(live, "Failed")
    if failed.get("status") == "True":
        return Verdict(ready=False, text=failed.get("message", "the Job failed"), failed=True)
    if condition(live, "Complete").get("status") == "True" or live["spec"].get("suspend"):
        return _READY
    wanted = live["spec"].get("completions", 1)
    return _progress(f"{_number(live, 'succeeded')} of {wanted} Pods succeeded")


def _pod(live: Json) -> Verdict:
    phase = lookup(live, ("status", "phase"))
    if phase == "Succeeded" or condition(live, "Ready").get("status") == "True":
        return _READY
    return Verdict(ready=False, text=f"the Pod is {phase}", failed=phase == "Failed")


def _claim(live: Json) -> Verdict:
    phase = lookup(live, ("status", "phase"))
    return Verdict(ready=phase == "Bound", text=f"the claim is {phase}", failed=phase == "Lost")


def _definition(live: Json) -> Verdict:
    if condition(live, "Established").get("status") == "True":
        return _READY
    refused = condition(live, "NamesAccepted")
    return Verdict(ready=False, text=refused.get("message", ""), failed=refused.get("status") == "False")


def _progress(text: str, old: int = 0) -> Verdict:
    more = f", {old} old ones still there" if old > 0 else ""
    return Verdict(ready=False, text=text + more)


_CHECKS: dict[tuple[str, str], Callable[[Json], Verdict]] = {
    ("", "PersistentVolumeClaim"): _claim,
    ("", "Pod"): _pod,
    ("apiextensions.k8s.io", "CustomResourceDefinition"): _definition,
    ("apps", "DaemonSet"): _daemon_set,
    ("apps", "Deployment"): _deployment,
    ("apps", "StatefulSet"): _stateful_set,
    ("batch", "Job"): _job,
}
