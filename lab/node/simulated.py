"""Nodes that only say that they run Pods, in three zones, and a moto server in the place of a cloud.

The API server, its controllers, the scheduler and the volumes are those of a node that runs Pods.
"""

from functools import partial
from pathlib import Path
from typing import Any

import requests
import yaml

from lab.node.api import Api
from lab.node.binaries import SimulatedBinaries
from lab.node.daemons import simulated_daemons
from lab.node.kind import NodeKind, Start, StartStep
from lab.node.layout import AWS_URL, NodeFolder
from lab.progress import Step

_MANIFESTS = [Path(__file__).with_name(name) for name in ("storage.yaml", "nodes.yaml")]
# Of the Prometheus operator, beside kwok's own files.
_DEFINITIONS = ("monitoring.coreos.com_servicemonitors.yaml",)
# Served once the definitions are accepted.
_DEFINED_API = "/apis/monitoring.coreos.com/v1"


def kind(folder: NodeFolder, binaries: SimulatedBinaries) -> NodeKind:
    """Return what such nodes are made of."""
    definitions = [binaries.kwok.with_name(name) for name in _DEFINITIONS]
    return NodeKind(
        daemons=simulated_daemons(folder, binaries),
        write_configs=partial(folder.configs.mkdir, exist_ok=True),
        steps=(
            StartStep("control plane", partial(_control_plane, [*definitions, *_MANIFESTS])),
            StartStep("simulated nodes", _nodes_ready),
            StartStep("simulated cloud", _cloud),
        ),
    )


def _control_plane(files: list[Path], start: Start, step: Step) -> None:
    step.update("waiting for the API server")
    start.wait("the API server", start.api.ready)
    for file in files:
        for manifest in yaml.safe_load_all(file.read_text(encoding="utf-8")):
            start.api.apply(manifest)
    start.wait("the API of ServiceMonitors", lambda: start.api.object(_DEFINED_API) is not None)


def _nodes_ready(start: Start, _: Step) -> None:
    names = [
        manifest["metadata"]["name"] for manifest in yaml.safe_load_all(_MANIFESTS[-1].read_text(encoding="utf-8"))
    ]
    for name in names:
        start.wait(f"the simulated node {name}", partial(_is_ready, start.api, name))


def _is_ready(api: Api, name: str) -> bool:
    node: dict[str, Any] = api.object(f"/api/v1/nodes/{name}") or {}
    conditions = node.get("status", {}).get("conditions", [])
    return any(condition["type"] == "Ready" and condition["status"] == "True" for condition in conditions)


def _cloud(start: Start, _: Step) -> None:
    start.wait("the simulated cloud", _cloud_answers)


def _cloud_answers() -> bool:
    with requests.Session() as session:
        session.trust_env = False
        try:
            return session.get(f"{AWS_URL}/moto-api/data.json", timeout=1.0).ok
        except requests.RequestException:
            return False
