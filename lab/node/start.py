"""The steps of a start, for a node that runs Pods and for simulated nodes."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from lab.node import containers, issuer
from lab.node.api import Api, answers
from lab.node.binaries import Binaries, SimulatedBinaries
from lab.node.layout import AWS_URL, COREDNS_IMAGE, DNS_ADDRESS, NODE_NAME, PAUSE_COMMAND, PAUSE_IMAGE, NodeFolder
from lab.node.record import Record
from lab.node.templates import manifests
from lab.progress import Step
from lab.toolchain import images

# The zone of each simulated node.
_SIMULATED_NODES = {"simulated-a": "a", "simulated-b": "b", "simulated-c": "c"}


class Kinds(NamedTuple):
    """Kinds of an operator, whose definitions lie beside the binaries."""

    group: str
    version: str
    plurals: Sequence[str]


_MONITORED = Kinds("monitoring.coreos.com", "v1", ("prometheusrules", "servicemonitors"))
_OF_GRAFANA = Kinds(
    "grafana.integreatly.org", "v1beta1", ("grafanadashboards", "grafanadatasources", "grafanafolders")
)


@dataclass(frozen=True, kw_only=True)
class Start:
    """A node that is starting: its folder, its supervisor's record and its API server.

    `wait` takes a part's name and a condition, and raises LabError when the part does not come up.
    """

    folder: NodeFolder
    record: Record
    api: Api
    wait: Callable[[str, Callable[[], bool]], None]


def steps_of(binaries: Binaries | SimulatedBinaries) -> Mapping[str, Callable[[Start, Step], None]]:
    """Return the steps by the names that are shown; each may be repeated on a node that runs."""
    if isinstance(binaries, SimulatedBinaries):
        return {
            "control plane": partial(_simulated_control_plane, binaries),
            "simulated nodes": _simulated_nodes_ready,
            "simulated cloud": partial(_answering, "the simulated cloud", f"{AWS_URL}/moto-api/data.json"),
        }
    certificates = {"certificate issuer": partial(_issuer, binaries.cert_manager)} if binaries.cert_manager else {}
    return {
        "control plane": partial(_control_plane, binaries),
        "node ready": _node_ready,
        # Through the Service, so that an answer proves Pod, rules and routes.
        "cluster DNS": partial(_answering, "the cluster's DNS", f"http://{DNS_ADDRESS}:8181/ready"),
        **certificates,
    }


def _control_plane(binaries: Binaries, start: Start, step: Step) -> None:
    step.update("importing images")
    start.wait("containerd", lambda: containers.answers(start.record.pid, binaries))
    _load_own_images(binaries, start)
    _define(binaries.coredns.parent, _MONITORED, start, step)
    files = ("storage.yaml", "addons.yaml", "monitoring.yaml")
    documents = [document for file in files for document in manifests(file, start.folder)]
    _apply(documents, start, step)


def _load_own_images(binaries: Binaries, start: Start) -> None:
    busybox = {PAUSE_COMMAND[0]: binaries.busybox}
    coredns = {"/usr/bin/coredns": binaries.coredns}
    for ref, files, entrypoint in (
        (PAUSE_IMAGE, busybox, PAUSE_COMMAND),
        (COREDNS_IMAGE, coredns, tuple(coredns)),
    ):
        archive = start.folder.images / f"{Path(entrypoint[0]).name}.tar"
        containers.load(start.record.pid, binaries, images.build(ref, files, entrypoint, archive))


def _apply(documents: Iterable[dict[str, Any]], start: Start, step: Step) -> None:
    step.update("waiting for the API server")
    start.wait("the API server", start.api.ready)
    for document in documents:
        start.api.apply(document)


def _node_ready(start: Start, _: Step) -> None:
    # The cluster's store still has the condition from before this start.
    since = dt.datetime.fromisoformat(start.record.since)
    start.wait("the node", lambda: _is_ready(start.api, NODE_NAME, since))


def _is_ready(api: Api, name: str, since: dt.datetime | None = None) -> bool:
    """Return whether a Node is ready and, with `since`, had its last heartbeat not earlier."""
    node = api.object(f"/api/v1/nodes/{name}") or {}
    return any(
        condition["type"] == "Ready"
        and condition["status"] == "True"
        and (since is None or dt.datetime.fromisoformat(condition["lastHeartbeatTime"]) >= since)
        for condition in node.get("status", {}).get("conditions", [])
    )


def _issuer(program: Path, start: Start, _: Step) -> None:
    issuer.define(start.api, program.parent, start.wait)
    issuer.create(start.api, start.folder, start.wait)


def _answering(what: str, url: str, start: Start, _: Step) -> None:
    start.wait(what, partial(answers, url))


def _simulated_control_plane(binaries: SimulatedBinaries, start: Start, step: Step) -> None:
    _define(binaries.kwok.parent, _MONITORED, start, step)
    _define(binaries.kwok.parent, _OF_GRAFANA, start, step)
    _apply([*manifests("storage.yaml", start.folder), *simulated_nodes(start.folder)], start, step)
    issuer.define(start.api, binaries.kwok.parent, start.wait)


def _define(folder: Path, kinds: Kinds, start: Start, step: Step) -> None:
    """Create resource definitions, which the build puts into the folder, and wait until they are served."""
    files = (folder / f"{kinds.group}_{plural}.yaml" for plural in kinds.plurals)
    _apply((yaml.safe_load(file.read_text(encoding="utf-8")) for file in files), start, step)
    served = f"/apis/{kinds.group}/{kinds.version}"
    start.wait(f"the API of {kinds.group}", lambda: start.api.object(served) is not None)


def simulated_nodes(folder: NodeFolder) -> list[dict[str, Any]]:
    """Return the manifests of the simulated nodes, one in each zone."""
    return [
        node
        for name, zone in _SIMULATED_NODES.items()
        for node in manifests("simulated-node.yaml", folder, name=name, zone=zone)
    ]


def _simulated_nodes_ready(start: Start, _: Step) -> None:
    for name in _SIMULATED_NODES:
        start.wait(f"the simulated node {name}", partial(_is_ready, start.api, name))
