"""What a stack needs of a cluster, read from the resources that its program registers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from kubernetes.utils.quantity import parse_quantity

from settings.loader import read_stack_file
from settings.stack import StackSettings
from snapshot.program import record_program, stack_config
from snapshot.recorder import Registration

# What an `up`, a refresh and a `destroy` do with each object.
_VERBS = ("create", "get", "list", "watch", "patch", "delete")
_HOST = "kubernetes.io/hostname"
# What the engine's Kubernetes plugin also lists and watches while it waits for workloads and Services (its
# pkg/await). Where that is forbidden it waits for ever, without a message.
_WATCHED = (("apps", "replicasets"), ("", "pods"), ("", "persistentvolumeclaims"), ("", "endpoints"))
_WATCHING = ("get", "list", "watch")
_WORKLOADS = ("DaemonSet", "Deployment", "StatefulSet", "Job")
# How many Pods fit on a node is a resource like the others; on EKS its network interfaces decide.
_PODS = "pods"
ROOM = ("cpu", "memory", "ephemeral-storage", _PODS)


@dataclass(frozen=True, order=True)
class Permission:
    """One verb on one resource of an API group, in a namespace or, if that is empty, in the whole cluster."""

    verb: str
    group: str
    resource: str
    namespace: str = ""

    def __str__(self) -> str:
        """Return the phrase for a report."""
        name = f"{self.resource}.{self.group}" if self.group else self.resource
        return f"{self.verb} {name} in {self.namespace}" if self.namespace else f"{self.verb} {name}"


@dataclass(frozen=True, kw_only=True)
class Workload:
    """Pods of one shape: how many, whether one on each node, whether never two on a node, and their requests.

    `requests` has the keys of `ROOM`: `cpu` in cores, `pods` is 1, the others in bytes.
    """

    name: str
    replicas: int
    on_each_node: bool
    one_per_node: bool
    requests: Mapping[str, Decimal]


@dataclass(frozen=True, kw_only=True)
class Needs:
    """A stack's settings, and what follows from its resources.

    - `labels`: the labels that the program gives its namespace.
    - `aws`: resources of Amazon Web Services, as their types and logical names.
    """

    settings: StackSettings
    labels: Mapping[str, str]
    permissions: tuple[Permission, ...]
    workloads: tuple[Workload, ...]
    autoscaled: tuple[str, ...]
    claims: bool
    aws: tuple[tuple[str, str], ...]

    @property
    def namespace(self) -> str:
        """The stack's namespace."""
        return self.settings.environment.namespace

    def in_current_context(self) -> "Needs":
        """Return the same needs of the cluster of the kubeconfig's current context."""
        cluster = self.settings.cluster.model_copy(update={"context": None})
        return replace(self, settings=self.settings.model_copy(update={"cluster": cluster}))


def needs_of(path: Path, stack: str) -> Needs:
    """Return the needs of a stack; raise `SettingsError` or `pulumi.RunError` when it is refused."""
    settings = read_stack_file(path)
    return needs_from(settings, record_program(stack_config(path), stack).registrations)


def needs_from(settings: StackSettings, registrations: Sequence[Registration]) -> Needs:
    """Return the needs that follow from settings and registered resources."""
    objects = [found for found in registrations if found.type.startswith("kubernetes:")]
    scalers = {
        found.inputs["spec"]["scaleTargetRef"]["name"]: int(found.inputs["spec"].get("minReplicas", 1))
        for found in objects
        if _kind(found) == "HorizontalPodAutoscaler"
    }
    (namespace,) = [found for found in objects if _kind(found) == "Namespace"]
    workloads = [found for found in objects if _kind(found) in _WORKLOADS]
    return Needs(
        settings=settings,
        labels=namespace.inputs["metadata"]["labels"],
        permissions=tuple(
            sorted(
                {one for found in objects for one in _permissions(found)}
                | _watched(settings.environment.namespace)
            )
        ),
        workloads=tuple(_workload(found, scalers) for found in workloads),
        autoscaled=tuple(sorted(scalers)),
        claims=any(found.inputs["spec"].get("volumeClaimTemplates") for found in workloads),
        aws=tuple((found.type, found.name) for found in registrations if found.type.startswith("aws:")),
    )


def _kind(found: Registration) -> str:
    return found.type.rpartition(":")[2]


def _permissions(found: Registration) -> Iterator[Permission]:
    """Yield what a user must be allowed to do with one object; for a role, also everything that it grants."""
    namespace = found.inputs["metadata"].get("namespace", "")
    version: str = found.inputs["apiVersion"]
    group = version.rpartition("/")[0]
    for verb in _VERBS:
        yield Permission(verb, group, _plural(_kind(found)), namespace)
    for rule in found.inputs.get("rules", []):
        for granted in rule["apiGroups"]:
            yield from (Permission(verb, granted, name) for name in rule["resources"] for verb in rule["verbs"])


def _watched(namespace: str) -> set[Permission]:
    return {Permission(verb, group, name, namespace) for group, name in _WATCHED for verb in _WATCHING}


def _plural(kind: str) -> str:
    """Return the name of a kind's resource, by the convention that Kubernetes itself guesses by."""
    name = kind.lower()
    if name.endswith("s"):
        return f"{name}es"
    return f"{name[:-1]}ies" if name.endswith("y") else f"{name}s"


def _workload(found: Registration, scalers: Mapping[str, int]) -> Workload:
    # A Job has no name of its own: the engine completes its logical one.
    name, spec = found.inputs["metadata"].get("name", found.name), found.inputs["spec"]
    pod = spec["template"]["spec"]
    apart = pod.get("affinity", {}).get("podAntiAffinity", {})
    required = apart.get("requiredDuringSchedulingIgnoredDuringExecution", [])
    return Workload(
        name=name,
        replicas=scalers.get(name, int(spec.get("replicas", 1))),
        on_each_node=_kind(found) == "DaemonSet",
        one_per_node=any(term["topologyKey"] == _HOST for term in required),
        requests={resource: _requested(pod, resource) for resource in ROOM},
    )


def _requested(pod: Mapping[str, Any], resource: str) -> Decimal:
    """Return what the scheduler reserves: the containers' sum, or an init container's if that is more."""
    if resource == _PODS:
        return Decimal(1)
    running = sum((_request(one, resource) for one in pod["containers"]), Decimal())
    return max([running, *(_request(one, resource) for one in pod.get("initContainers", []))])


def _request(container: Mapping[str, Any], resource: str) -> Decimal:
    amount = container["resources"].get("requests", {}).get(resource, 0)
    return Decimal(parse_quantity(amount))  # type: ignore[no-untyped-call]  # untyped
