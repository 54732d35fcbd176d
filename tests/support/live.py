"""A stack on the running lab, for the tests of the engine, cluster and simulated tiers."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from kubernetes import client

from lab.cluster.rollout import wait_for_rollouts
from lab.cluster.service import Cluster
from lab.engine.run import Outcome
from lab.target.lab_copy import for_own_node
from lab.target.target import Target
from review.names import label
from settings.loader import parse, sections_of
from settings.project import PROJECT
from settings.stack import StackSettings
from tests.support.engines import OverlaidEngine
from tests.support.stacks import config_of, merge
from tests.support.waiting import eventually

DOJO = "dojo"
_UNTOUCHED = {"same", "read", "refresh"}
Overlay = Mapping[str, Any]


@dataclass
class LiveStack:
    """One stack of the lab; `settings` are the ones deployed last."""

    target: Target
    cluster: Cluster
    settings: StackSettings
    name: str = DOJO
    _overlay: Overlay | None = None

    @classmethod
    def on(cls, target: Target, name: str = DOJO) -> "LiveStack":
        """Connect; the deployed settings are unknown until the first `bring`."""
        return cls(target, target.cluster(), _settings(target, name, {}), name)

    def engine(self, overlay: Overlay | None = None, secrets: Mapping[str, str] | None = None) -> OverlaidEngine:
        """Return the engine for the committed settings with the overlay and secrets.

        With an overlay it asks no policies: tests change settings in ways that no environment allows.
        """
        engine = self.target.engine(self.name)
        return OverlaidEngine.of(replace(engine, policies=None) if overlay else engine, overlay, secrets)

    def bring(self, overlay: Overlay | None = None, secrets: Mapping[str, str] | None = None) -> Outcome | None:
        """Deploy the committed settings with the overlay; return None if they are deployed already."""
        wanted = overlay or {}
        if self._overlay == wanted:
            # The test before may have disturbed it, or its own wait may have failed.
            self.settle()
            return None
        self.forget()
        outcome = self.engine(wanted, secrets).up()
        self._overlay, self.settings = wanted, _settings(self.target, self.name, wanted)
        self.settle()
        return outcome

    def settle(self) -> None:
        """Wait after an `up` until every rollout has finished: only then does another run find nothing to do.

        Until an autoscaler has added its minimum of Pods, a refresh finds an unavailable Deployment.
        """
        wait_for_rollouts(self.cluster, self.namespace, lambda _: None)
        eventually(
            self._autoscalers_are_satisfied, "every autoscaled Deployment has its minimum of Pods available"
        )

    def changes(self, overlay: Overlay) -> dict[str, str]:
        """Return the operations that a preview with this overlay plans, by the resource's kind and name."""
        steps = self.engine(overlay).preview_document()["steps"]
        # A replacement has three steps; the one for the whole is named `replace`.
        return {label(step["urn"]): step["op"] for step in steps if step["op"] not in _UNTOUCHED}

    def _autoscalers_are_satisfied(self) -> bool:
        api = client.AutoscalingV2Api(self.cluster.api)
        scalers: list[Any] = api.list_namespaced_horizontal_pod_autoscaler(self.namespace).items
        deployments: list[Any] = self.apps.list_namespaced_deployment(self.namespace).items
        available = {found.metadata.name: found.status.available_replicas or 0 for found in deployments}
        return all(available[scaler.spec.scale_target_ref.name] >= scaler.spec.min_replicas for scaler in scalers)

    def forget(self) -> None:
        """Make the next `bring` deploy in any case, after a test has changed the stack by other means."""
        self._overlay = None

    @property
    def namespace(self) -> str:
        """The stack's namespace."""
        return self.settings.environment.namespace

    @property
    def core(self) -> client.CoreV1Api:
        """The cluster's core API."""
        return self.cluster.core

    @property
    def apps(self) -> client.AppsV1Api:
        """The cluster's API for Deployments, StatefulSets and DaemonSets."""
        return client.AppsV1Api(self.cluster.api)

    def pods(self, component: str | None = None) -> list[Any]:
        """Return the Pods of the stack, or of one component, in the order of their names."""
        name = f",app.kubernetes.io/name={component}" if component else ""
        selector = f"app.kubernetes.io/part-of={PROJECT}{name}"
        found: list[Any] = self.core.list_namespaced_pod(self.namespace, label_selector=selector).items
        return sorted(found, key=lambda pod: str(pod.metadata.name))

    def pod_ids(self) -> dict[str, str]:
        """Return the UID of each component's Pod; a recreated Pod has another."""
        return {pod.metadata.labels["app.kubernetes.io/name"]: str(pod.metadata.uid) for pod in self.pods()}

    def address(self, service: str) -> str:
        """Return a Service's address; this machine has a route to it."""
        spec = self.core.read_namespaced_service(service, self.namespace).spec
        assert spec is not None
        return str(spec.cluster_ip)

    def rendered_config(self, component: str) -> str:
        """Return the rendered configuration in a component's ConfigMaps."""
        selector = f"app.kubernetes.io/name={component}"
        found: list[Any] = self.core.list_namespaced_config_map(self.namespace, label_selector=selector).items
        return "".join(text for config in found for text in config.data.values())

    def secrets(self) -> dict[str, dict[str, str]]:
        """Return the fields of the stack's Secrets in clear text, by the Secret's name."""
        found: list[Any] = self.core.list_namespaced_secret(self.namespace).items
        return {
            str(secret.metadata.name): {
                key: base64.b64decode(value).decode() for key, value in secret.data.items()
            }
            for secret in found
        }


def section(name: str, **changes: object) -> dict[str, Any]:
    """Return an overlay of one section."""
    return {f"{PROJECT}:{name}": changes}


def _settings(target: Target, name: str, overlay: Overlay) -> StackSettings:
    """Return the settings as the lab changes them: its own node runs images of the lab's own."""
    config = merge(config_of(name), overlay)
    return parse(sections_of(for_own_node(config) if target.node and not target.simulated else config))
