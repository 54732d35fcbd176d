"""Write the cluster's endpoints for Prometheus, with the labels of its own discovery of Kubernetes.

Debian builds Prometheus without that discovery. The supervisor runs this as `python -m lab.node.discovery
NODE-FOLDER`, and again when it exits because the API server went away.
"""

import json
import sys
import time
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any

from lab.node.api import Api
from lab.node.layout import NodeFolder

_SECONDS = 3.0
_LISTS = ("endpoints", "services", "pods")
Objects = Mapping[tuple[str, str], Mapping[str, Any]]
Group = dict[str, Any]


def target_groups(endpoints: Objects, services: Objects, pods: Objects) -> Iterator[Group]:
    """Yield a group for each address and port of each Service, in the shape of Prometheus' `file_sd`.

    The objects are given by namespace and name. Like Prometheus' own discovery it keeps addresses that are not
    ready: a process that hangs must be seen as down, not as gone.
    """
    for key, found in sorted(endpoints.items()):
        for subset in found.get("subsets") or ():
            for address in chain(subset.get("addresses") or (), subset.get("notReadyAddresses") or ()):
                for port in subset.get("ports") or ():
                    labels = _of_service(key, services.get(key, {})) | _of_pod(address, port, pods)
                    labels["__meta_kubernetes_endpoint_port_name"] = port.get("name", "")
                    yield {"targets": [f"{address['ip']}:{port['port']}"], "labels": labels}


def _of_service(key: tuple[str, str], service: Mapping[str, Any]) -> dict[str, str]:
    namespace, name = key
    named = service.get("metadata", {}).get("labels", {})
    labels = {f"__meta_kubernetes_service_label_{label_name(label)}": value for label, value in named.items()}
    return labels | {"__meta_kubernetes_namespace": namespace, "__meta_kubernetes_service_name": name}


def _of_pod(address: Mapping[str, Any], port: Mapping[str, Any], pods: Objects) -> dict[str, str]:
    target = address.get("targetRef", {})
    pod = pods.get((target.get("namespace", ""), target.get("name", "")))
    if target.get("kind") != "Pod" or pod is None:
        return {}
    containers = [
        container["name"]
        for container in pod["spec"]["containers"]
        if any(open_port["containerPort"] == port["port"] for open_port in container.get("ports", ()))
    ]
    return {
        "__meta_kubernetes_pod_name": target["name"],
        "__meta_kubernetes_pod_node_name": pod["spec"].get("nodeName", ""),
        "__meta_kubernetes_pod_phase": pod["status"].get("phase", ""),
        "__meta_kubernetes_pod_container_name": containers[0] if containers else "",
    }


def label_name(text: str) -> str:
    """Return a label's name as Prometheus writes it: letters, digits and underscores."""
    return "".join(letter if letter.isalnum() else "_" for letter in text)


def _listed(api: Api, plural: str) -> Objects | None:
    found = api.object(f"/api/v1/{plural}")
    if found is None:
        return None
    return {(item["metadata"]["namespace"], item["metadata"]["name"]): item for item in found["items"]}


def main() -> int:
    """Write the targets whenever they change; return 1 when the API server goes away."""
    folder = NodeFolder(Path(sys.argv[1]))
    written = ""
    with Api(folder) as api:
        while True:
            lists = [_listed(api, plural) for plural in _LISTS]
            present = [found for found in lists if found is not None]
            if len(present) < len(_LISTS):
                print("the API server went away", flush=True)
                return 1
            text = json.dumps(list(target_groups(*present)), indent=1)
            if text != written:
                # Prometheus never reads half a file.
                partial = folder.prometheus / "targets.partial"
                partial.write_text(text, encoding="utf-8")
                partial.replace(folder.targets)
                written = text
            time.sleep(_SECONDS)


if __name__ == "__main__":
    raise SystemExit(main())
