"""Read the facts about a cluster through its API."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlsplit

from kubernetes.utils.quantity import parse_quantity

from ready.add_ons import POD_IDENTITY_AGENT
from ready.cluster_client import ClusterClient
from ready.facts import NOT_LOGGED_IN, ClusterFacts, Node, Pod, Prometheus, Rollout, Sidecar, StorageClass, Unknown
from ready.needs import ROOM, Needs
from ready.seen import NoAnswerError, seen
from settings.tls import CERT_MANAGER

# Kubernetes reads the older name, too.
_DEFAULTS = ("storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class")
_FARGATE = ("eks.amazonaws.com/compute-type", "fargate")
_ZONE, _SYSTEM = "topology.kubernetes.io/zone", "kubernetes.io/os"
_KEEPS_PODS_OFF = ("NoSchedule", "NoExecute")
# What kubectl asks for at a time: a list of thousands of nodes would not be answered in time.
_PAGE = 500
# Enough Pods to see their family of addresses.
_SOME_PODS = 50
# The groups of the kinds that a stack has of the platform's operators.
_OPERATORS = {"monitoring.coreos.com": "v1", "grafana.integreatly.org": "v1beta1"}
# How progress names the facts whose names say too little.
_SHOWN = {
    "refused": "permissions",
    "agent": "Pod Identity Agent",
    "kinds": "operators' kinds",
    "issuer": "issuer of tokens",
}
_SYSTEM_NAMESPACE = "kube-system"
# Parts of the name of a Service, from which another namespace can reach it.
_NAME_AND_NAMESPACE = 2


def cluster_facts(needs: Needs, tell: Callable[[str], None]) -> ClusterFacts:
    """Return the facts; without an answer of the API server all of them are unknown."""
    tell("cluster: kubeconfig")
    cluster = seen(lambda: ClusterClient(needs.settings.cluster.context))
    if isinstance(cluster, Unknown):
        return _nothing(cluster, cluster)
    connection = seen(lambda: cluster.connection)
    tell("cluster: version")
    version = seen(lambda: _version(cluster))
    if isinstance(version, Unknown):
        return _nothing(connection, version)
    reads: Mapping[str, Callable[[], Any]] = {
        "namespace": lambda: _namespace(cluster, needs),
        "refused": lambda: _refused(cluster, needs),
        "storage_classes": lambda: tuple(
            map(_storage_class, _items(cluster, "/apis/storage.k8s.io/v1/storageclasses"))
        ),
        "csi_drivers": lambda: _names(cluster, "/apis/storage.k8s.io/v1/csidrivers"),
        "nodes": lambda: tuple(map(_node, _items(cluster, "/api/v1/nodes"))),
        "priority_classes": lambda: _names(cluster, "/apis/scheduling.k8s.io/v1/priorityclasses"),
        "pull_secrets": lambda: _pull_secrets(cluster, needs),
        "metrics_api": lambda: _metrics_api(cluster),
        "kinds": lambda: frozenset(_kinds(cluster)),
        "sidecars": lambda: tuple(_sidecars(cluster, needs.settings.grafana.namespace)),
        "certificate_issuer": lambda: _certificate_issuer(cluster, needs),
        "agent": lambda: _agent(cluster),
        "issuer": lambda: str(cluster.get("/.well-known/openid-configuration")["issuer"]),
        "pods": lambda: _pods(cluster, needs),
        "pod_addresses": lambda: tuple(_pod_addresses(cluster, needs)),
        "prometheus": lambda: _prometheus(cluster, needs.settings.grafana.prometheus_url or ""),
    }
    facts = {}
    for name, read in reads.items():
        tell(f"cluster: {_SHOWN.get(name, name.replace('_', ' '))}")
        facts[name] = seen(read)
    return ClusterFacts(connection=connection, version=version, **facts)


def _nothing(connection: Any, version: Unknown) -> ClusterFacts:  # noqa: ANN401 - a connection or why there is none
    why = Unknown("the API server was not reached")
    names = [name for name in ClusterFacts.__dataclass_fields__ if name not in {"connection", "version"}]
    return ClusterFacts(connection=connection, version=version, **dict.fromkeys(names, why))


def _version(cluster: ClusterClient) -> tuple[int, int]:
    found = cluster.get("/version")
    if found is None:
        raise NoAnswerError("it is not a Kubernetes API server")
    # EKS calls its minor versions `31+`.
    return int(found["major"]), int(str(found["minor"]).rstrip("+"))


def _items(cluster: ClusterClient, path: str) -> list[Any]:
    """Return all objects of a list, which is read page by page."""
    items, first = [], f"{path}{'&' if '?' in path else '?'}limit={_PAGE}"
    page = first
    while found := cluster.get(page):
        items += found["items"]
        token = (found.get("metadata") or {}).get("continue")
        if not token:
            break
        page = f"{first}&continue={quote(token, safe='')}"
    return items


def _names(cluster: ClusterClient, path: str) -> frozenset[str]:
    return frozenset(str(one["metadata"]["name"]) for one in _items(cluster, path))


def _namespace(cluster: ClusterClient, needs: Needs) -> Mapping[str, str] | None:
    found = cluster.get(f"/api/v1/namespaces/{needs.namespace}")
    return None if found is None else dict(found["metadata"].get("labels") or {})


def _refused(cluster: ClusterClient, needs: Needs) -> tuple[str, ...]:
    # One question instead of a hundred for an administrator.
    if cluster.allowed("*", "*", "*", ""):
        return ()
    asked = ((one, cluster.allowed(one.verb, one.group, one.resource, one.namespace)) for one in needs.permissions)
    return tuple(str(one) for one, allowed in asked if not allowed)


def _storage_class(found: Mapping[str, Any]) -> StorageClass:
    annotations = found["metadata"].get("annotations") or {}
    return StorageClass(
        name=found["metadata"]["name"],
        provisioner=found["provisioner"],
        default=any(annotations.get(name) == "true" for name in _DEFAULTS),
        expands=bool(found.get("allowVolumeExpansion")),
        waits=found.get("volumeBindingMode") == "WaitForFirstConsumer",
        # A parameter of the drivers for EBS.
        encrypts=(found.get("parameters") or {}).get("encrypted") == "true",
    )


def _node(found: Mapping[str, Any]) -> Node:
    labels, spec = found["metadata"].get("labels") or {}, found["spec"]
    allocatable = found["status"].get("allocatable") or {}
    return Node(
        name=found["metadata"]["name"],
        system=labels.get(_SYSTEM, "linux"),
        fargate=labels.get(_FARGATE[0]) == _FARGATE[1],
        unusable=_unusable(spec, found["status"].get("conditions") or []),
        zone=labels.get(_ZONE, ""),
        room={resource: _amount(allocatable.get(resource, 0)) for resource in ROOM},
        pod_ranges=tuple(spec.get("podCIDRs") or ()),
    )


def _amount(quantity: str | int) -> Decimal:
    return Decimal(parse_quantity(quantity))  # type: ignore[no-untyped-call]  # untyped


def _unusable(spec: Mapping[str, Any], conditions: list[Mapping[str, str]]) -> str:
    if not any(one["type"] == "Ready" and one["status"] == "True" for one in conditions):
        return "not ready"
    if spec.get("unschedulable"):
        return "cordoned"
    taints = [one["key"] for one in spec.get("taints") or [] if one["effect"] in _KEEPS_PODS_OFF]
    return f"taint {taints[0]}" if taints else ""


def _pull_secrets(cluster: ClusterClient, needs: Needs) -> dict[str, str | None]:
    """Return the Secrets' types; their contents are read with them, and dropped."""
    folder, names = f"/api/v1/namespaces/{needs.namespace}/secrets", needs.settings.images.pull_secrets
    found = {name: cluster.get(f"{folder}/{name}") for name in names}
    return {name: None if one is None else str(one["type"]) for name, one in found.items()}


def _metrics_api(cluster: ClusterClient) -> str | None:
    found = cluster.get("/apis/apiregistration.k8s.io/v1/apiservices/v1beta1.metrics.k8s.io")
    if found is None:
        return None
    conditions = (found.get("status") or {}).get("conditions") or []
    available = [one for one in conditions if one["type"] == "Available"]
    if not available:
        return "its state is not known yet"
    return "" if available[0]["status"] == "True" else str(available[0].get("message", "no reason is given"))


def _kinds(cluster: ClusterClient) -> Iterator[str]:
    # Each by itself: a group may be there without all of its definitions.
    for group, version in _OPERATORS.items():
        found = cluster.get(f"/apis/{group}/{version}") or {"resources": []}
        yield from (f"{one['name']}.{group}" for one in found["resources"])


def _sidecars(cluster: ClusterClient, namespace: str) -> Iterator[Sidecar]:
    for kind in ("deployments", "statefulsets"):
        for found in _items(cluster, f"/apis/apps/v1/namespaces/{namespace}/{kind}"):
            for container in found["spec"]["template"]["spec"]["containers"]:
                environment = {one["name"]: one.get("value", "") for one in container.get("env") or ()}
                if "LABEL" in environment and "FOLDER" in environment:
                    yield _sidecar(environment, namespace)


def _sidecar(environment: Mapping[str, str], own: str) -> Sidecar:
    # Without names it looks in its own namespace only.
    namespaces = environment.get("NAMESPACE") or own
    return Sidecar(
        label=environment["LABEL"],
        value=environment.get("LABEL_VALUE", ""),
        namespaces=frozenset(namespaces.split(",")),
        kinds=environment.get("RESOURCE") or "configmap",
    )


def _certificate_issuer(cluster: ClusterClient, needs: Needs) -> str | None:
    issuer = needs.settings.tls.issuer
    if issuer is None or issuer.group != CERT_MANAGER:
        return None
    folder = f"/apis/{CERT_MANAGER}/v1"
    if issuer.kind == "Issuer":
        folder += f"/namespaces/{needs.namespace}"
    found = cluster.get(f"{folder}/{issuer.kind.lower()}s/{issuer.name}")
    if found is None:
        return None
    ready = [one for one in (found.get("status") or {}).get("conditions") or [] if one["type"] == "Ready"]
    if not ready:
        return "its state is not known yet"
    return "" if ready[0]["status"] == "True" else str(ready[0].get("message", "no reason is given"))


def _agent(cluster: ClusterClient) -> Rollout | None:
    found = cluster.get(f"/apis/apps/v1/namespaces/{_SYSTEM_NAMESPACE}/daemonsets/{POD_IDENTITY_AGENT}")
    if found is None:
        return None
    status = found.get("status") or {}
    return Rollout(desired=status.get("desiredNumberScheduled", 0), ready=status.get("numberReady", 0))


def _pods(cluster: ClusterClient, needs: Needs) -> tuple[Pod, ...]:
    selector = f"app.kubernetes.io/part-of%3D{needs.labels['app.kubernetes.io/part-of']}"
    found = _items(cluster, f"/api/v1/namespaces/{needs.namespace}/pods?labelSelector={selector}")
    return tuple(_pod(one) for one in found if "deletionTimestamp" not in one["metadata"])


def _pod(found: Mapping[str, Any]) -> Pod:
    metadata, spec = found["metadata"], found["spec"]
    owners = metadata.get("ownerReferences") or [{"kind": "Pod", "name": metadata["name"]}]
    kind, name = owners[0]["kind"], owners[0]["name"]
    if kind == "ReplicaSet":
        # The Deployment's name and a hash.
        kind, name = "Deployment", name.rpartition("-")[0]
    return Pod(
        name=metadata["name"],
        owner=f"{kind.lower()}/{name}",
        service_account=spec.get("serviceAccountName", ""),
        audiences=frozenset(_audiences(spec.get("volumes") or [])),
    )


def _audiences(volumes: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Yield the audiences of the service account's tokens in a Pod's volumes."""
    for volume in volumes:
        for source in volume.get("projected", {}).get("sources") or []:
            if audience := source.get("serviceAccountToken", {}).get("audience"):
                yield audience


def _pod_addresses(cluster: ClusterClient, needs: Needs) -> Iterator[str]:
    """Yield addresses of Pods that have a network of their own, of the stack or of the system."""
    for namespace in (needs.namespace, _SYSTEM_NAMESPACE):
        found = cluster.get(f"/api/v1/namespaces/{namespace}/pods?limit={_SOME_PODS}")
        for pod in found["items"] if found else []:
            if not pod["spec"].get("hostNetwork"):
                yield from (one["ip"] for one in pod["status"].get("podIPs") or [])


def _prometheus(cluster: ClusterClient, url: str) -> Prometheus:
    """Return what Prometheus says, or that it says nothing; NoAnswerError when it may not be asked."""
    if not url:
        raise NoAnswerError("grafana.prometheus_url is not set")
    base = _proxied(url)
    try:
        return _answers(cluster, base)
    except NoAnswerError as error:
        if error.status in {0, *NOT_LOGGED_IN}:
            raise
        host = urlsplit(url).hostname or ""
        if error.status == HTTPStatus.NOT_FOUND and len(host.split(".")) == _NAME_AND_NAMESPACE:
            # It may as well be a host of a private domain.
            raise NoAnswerError(f"{host} is not a Service of this cluster") from error
        if not _selects_pods(cluster, host):
            raise NoAnswerError(f"the API server forwards to Pods only, and {host} leads elsewhere") from error
        return Prometheus(flags={}, retention="", silent=str(error))


def _selects_pods(cluster: ClusterClient, host: str) -> bool:
    """Return whether the Service of a host, NAME.NAMESPACE.svc, has Pods behind it; True if there is none."""
    name, namespace = host.split(".")[:_NAME_AND_NAMESPACE]
    service = cluster.get(f"/api/v1/namespaces/{namespace}/services/{name}")
    return service is None or bool(service["spec"].get("selector"))


def _answers(cluster: ClusterClient, base: str) -> Prometheus:
    flags, runtime = (_answer(cluster, f"{base}/api/v1/status/{name}") for name in ("flags", "runtimeinfo"))
    return Prometheus(
        flags={key: str(value) for key, value in flags.items()}, retention=runtime["storageRetention"]
    )


def _answer(cluster: ClusterClient, path: str) -> Mapping[str, Any]:
    found = cluster.get(path)
    if found is None:
        raise NoAnswerError("there is no such Service, or no Prometheus at it", HTTPStatus.NOT_FOUND)
    data: Mapping[str, Any] = found["data"]
    return data


def _proxied(url: str) -> str:
    """Return the path by which the API server forwards to a Service; NoAnswerError when the host is none."""
    parts = urlsplit(url)
    name, *others = (parts.hostname or "").split(".")
    if not others or (len(others) >= _NAME_AND_NAMESPACE and others[1] != "svc"):
        raise NoAnswerError(f"{parts.hostname} is not a Service of this cluster, as NAME.NAMESPACE.svc is")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    scheme = "https:" if parts.scheme == "https" else ""
    return f"/api/v1/namespaces/{others[0]}/services/{scheme}{name}:{port}/proxy{parts.path.rstrip('/')}"
