"""Wait until an object is ready or gone, telling how far it is, and why when it does not get there."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from lab.providers.kubernetes.cluster import Cluster
from lab.providers.kubernetes.connection import ApiError
from lab.providers.kubernetes.manifest import label
from lab.providers.kubernetes.readiness import Verdict, judge
from lab.providers.kubernetes.reasons import explain
from lab.providers.plugin import ProviderError
from lab.providers.values import Json, lookup

# The real plugin's own default.
DEFAULT_SECONDS = 600.0
# Rollouts take seconds: looking this often costs one small request each time.
_LOOK_SECONDS = 0.5
# Asking for the reasons means listing Pods and events, so it is done more rarely.
_ASK_SECONDS = 5.0


class NotReadyError(ProviderError):
    """The object exists but did not become ready; `live` is what was last seen of it."""

    def __init__(self, live: Json, reason: str) -> None:
        """Keep both."""
        super().__init__(reason)
        self.live = live


@dataclass(frozen=True)
class Waiter:
    """How to wait: where, for how long, whom to tell, and what ends the wait early."""

    cluster: Cluster
    seconds: float
    tell: Callable[[str], None]
    stop: threading.Event

    def ready(self, manifest: Json, *, judged: bool = True) -> Json:
        """Return the live object once it is ready, or at once when it is not to be judged.

        Raise `NotReadyError` with the reasons when it cannot become ready, or is not in time.
        """
        started = asked = time.monotonic()
        said, why, live = "", "", manifest
        while True:
            try:
                live = self._live(manifest)
                verdict = self._judge(live) if judged else Verdict(ready=True)
            except ApiError as error:
                # The object exists, so a server that is away for a moment must not make it be forgotten.
                verdict = Verdict(ready=False, text=str(error))
            if verdict.ready:
                return live
            now = time.monotonic()
            if verdict.failed or now - started > self.seconds:
                raise NotReadyError(live, self._failure(live, verdict))
            if now - asked > _ASK_SECONDS:
                asked, why = now, next(iter(self._reasons(live)), "")
            if f"{verdict.text}; {why}" != said:
                said = f"{verdict.text}; {why}"
                self.tell(said.removesuffix("; "))
            if self._interrupted():
                raise NotReadyError(live, f"Interrupted while waiting for {label(live)}: {verdict.text}.")

    def unready(self, live: Json) -> str:
        """Say why this object is not ready at this moment, or nothing when it is."""
        verdict = self._judge(live)
        return "" if verdict.ready else self._failure(live, verdict)

    def gone(self, manifest: Json) -> None:
        """Return once the object is gone. Raise `ProviderError` if it is still there in the end."""
        deadline = time.monotonic() + self.seconds
        while live := self.cluster.get(manifest):
            if time.monotonic() > deadline:
                held = lookup(live, ("metadata", "finalizers")) or []
                raise ProviderError(
                    f"{label(live)} is still there {self.seconds:.0f} s after it was deleted; "
                    f"its finalizers are {held}."
                )
            if self._interrupted():
                raise ProviderError(f"Interrupted while {label(live)} was being deleted.")

    def _judge(self, live: Json) -> Verdict:
        if live["kind"] == "PersistentVolumeClaim" and self._binds_late(live):
            return Verdict(ready=True)
        if live["kind"] == "Service" and live["apiVersion"] == "v1":
            return self._judge_service(live)
        return judge(live)

    def _binds_late(self, claim: Json) -> bool:
        """Say whether the claim is bound only when a Pod uses it."""
        name = lookup(claim, ("spec", "storageClassName"))
        kind = {"apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "metadata": {"name": name}}
        storage_class = self.cluster.get(kind) if name else None
        return (storage_class or {}).get("volumeBindingMode") == "WaitForFirstConsumer"

    def _judge_service(self, service: Json) -> Verdict:
        """Like the real plugin, wait until no Pod behind the Service is unready; none at all is fine."""
        spec, metadata = service["spec"], service["metadata"]
        if spec.get("type") == "ExternalName" or spec.get("clusterIP") == "None" or not spec.get("selector"):
            return Verdict(ready=True)
        slices = self.cluster.list(
            "discovery.k8s.io/v1",
            "EndpointSlice",
            metadata["namespace"],
            label_selector=f"kubernetes.io/service-name={metadata['name']}",
        )
        endpoints = [endpoint for part in slices for endpoint in part.get("endpoints") or []]
        unready = sum(lookup(endpoint, ("conditions", "ready")) is False for endpoint in endpoints)
        return Verdict(ready=not unready, text=f"{unready} of {len(endpoints)} Pods behind the Service not ready")

    def _live(self, manifest: Json) -> Json:
        live = self.cluster.get(manifest)
        if live is None:
            raise NotReadyError(manifest, f"{label(manifest)} was deleted while it was waited for.")
        return live

    def _failure(self, live: Json, verdict: Verdict) -> str:
        reasons = [f"{label(live)} is not ready: {verdict.text or 'it failed'}"]
        if not verdict.failed:
            reasons[0] += f" after {self.seconds:.0f} s"
        return "\n  ".join([*reasons, *self._reasons(live)])

    def _reasons(self, live: Json) -> list[str]:
        try:
            return explain(self.cluster, live)
        except ApiError as error:
            return [f"its Pods cannot be asked why: {error}"]

    def _interrupted(self) -> bool:
        """Let some time pass, and say whether the engine wants to end meanwhile."""
        return self.stop.wait(_LOOK_SECONDS)
