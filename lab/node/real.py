"""A node that runs Pods: container runtime, kubelet, Services, DNS."""

import datetime as dt
from functools import partial
from pathlib import Path
from typing import Any

import requests
import yaml

from lab.node import configs, containers
from lab.node.api import Api
from lab.node.binaries import Binaries
from lab.node.daemons import real_daemons
from lab.node.kind import NodeKind, Start, StartStep
from lab.node.layout import COREDNS_IMAGE, DNS_ADDRESS, NODE_NAME, PAUSE_COMMAND, PAUSE_IMAGE, NodeFolder
from lab.node.record import Record
from lab.progress import Step
from lab.toolchain import images

_DNS_READY_URL = f"http://{DNS_ADDRESS}:8181/ready"
_MANIFESTS = [Path(__file__).with_name(name) for name in ("storage.yaml", "addons.yaml")]


def kind(folder: NodeFolder, binaries: Binaries) -> NodeKind:
    """Return what such a node is made of."""
    return NodeKind(
        daemons=real_daemons(folder, binaries),
        write_configs=partial(configs.write_all, folder, binaries),
        steps=(
            StartStep("control plane", partial(_control_plane, folder, binaries)),
            StartStep("node ready", _node_ready),
            StartStep("cluster DNS", _cluster_dns),
        ),
    )


def _control_plane(folder: NodeFolder, binaries: Binaries, start: Start, step: Step) -> None:
    step.update("importing images")
    start.wait("containerd", lambda: containers.answers(start.record.pid, binaries))
    _load_own_images(folder, binaries, start.record)
    step.update("waiting for the API server")
    start.wait("the API server", start.api.ready)
    for file in _MANIFESTS:
        for manifest in yaml.safe_load_all(file.read_text(encoding="utf-8")):
            start.api.apply(manifest)


def _load_own_images(folder: NodeFolder, binaries: Binaries, record: Record) -> None:
    busybox = {PAUSE_COMMAND[0]: binaries.busybox}
    coredns = {"/usr/bin/coredns": binaries.coredns}
    for ref, files, entrypoint in (
        (PAUSE_IMAGE, busybox, PAUSE_COMMAND),
        (COREDNS_IMAGE, coredns, tuple(coredns)),
    ):
        archive = folder.images / f"{Path(entrypoint[0]).name}.tar"
        containers.load(record.pid, binaries, images.build(ref, files, entrypoint, archive))


def _node_ready(start: Start, _: Step) -> None:
    start.wait("the node", lambda: _is_ready(start.api, start.record))


def _is_ready(api: Api, record: Record) -> bool:
    """Say whether the kubelet called the node ready since this start; what it said before is in the store."""
    node: dict[str, Any] = api.object(f"/api/v1/nodes/{NODE_NAME}") or {}
    since = dt.datetime.fromisoformat(record.since)
    return any(
        condition["type"] == "Ready"
        and condition["status"] == "True"
        and dt.datetime.fromisoformat(condition["lastHeartbeatTime"]) >= since
        for condition in node.get("status", {}).get("conditions", [])
    )


def _cluster_dns(start: Start, _: Step) -> None:
    start.wait("the cluster's DNS", _dns_answers)


def _dns_answers() -> bool:
    """Say whether CoreDNS is ready, asked through its Service."""
    with requests.Session() as session:
        session.trust_env = False
        try:
            return session.get(_DNS_READY_URL, timeout=1.0).ok
        except requests.RequestException:
            return False
