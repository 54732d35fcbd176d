"""Where a stack goes: the lab's own node, or a cluster that the user named.

A cluster of the user's is named by `FAWKES_KUBECONFIG`. `KUBECONFIG` alone is not enough: many shells
have it set to something that must not receive a lab.
"""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lab import build
from lab.engine import Engine
from lab.errors import LabError
from lab.node import Binaries, Node
from lab.node.layout import NodeFolder
from lab.paths import REPO, state_dir
from lab.service import Cluster

_KUBECONFIG_VARIABLE = "FAWKES_KUBECONFIG"


@dataclass(frozen=True)
class Target:
    """A cluster's kubeconfig, and the folder of the engine's state for it; `node` is the lab's own."""

    kubeconfig: Path
    engine_home: Path
    node: Node | None

    def cluster(self) -> Cluster:
        """Return the way to the cluster's Services."""
        return Cluster(self.kubeconfig)

    def engine(self, stack: str, overlay: Mapping[str, Any] | None = None) -> Engine:
        """Return the engine for one stack; LabError when there is no pulumi yet."""
        pulumi = build.find("pulumi")
        if pulumi is None:
            raise LabError("The engine is not built yet.", "Run `make up` first.")
        return Engine(
            repo=REPO,
            stack=stack,
            home=self.engine_home,
            pulumi=pulumi,
            environment={"KUBECONFIG": str(self.kubeconfig)},
            overlay=overlay or {},
        )


def users_cluster() -> Target | None:
    """Return the cluster that the user named, or None; LabError when it does not answer."""
    named = os.environ.get(_KUBECONFIG_VARIABLE)
    if not named:
        return None
    kubeconfig = Path(named).expanduser().absolute()
    if not kubeconfig.is_file():
        raise LabError(f"{_KUBECONFIG_VARIABLE} names {kubeconfig}, which is no file.", "Correct or unset it.")
    cluster = Cluster(kubeconfig)
    cluster.answers()
    # One state a cluster, so that two clusters never share one.
    identity = hashlib.sha256(cluster.api.configuration.host.encode()).hexdigest()[:12]
    return Target(kubeconfig, state_dir() / f"engine-{identity}", node=None)


def lab_node() -> Target:
    """Return the lab's own node, running or not; LabError when it was never started.

    It keeps the programs that it was started with: a checkout that has moved on since can still end it.
    """
    folder = NodeFolder(node_folder())
    if not folder.binaries.is_file():
        raise LabError("The lab was never started on this machine.", "Run `make up`.")
    return node_target(Node(folder.root, Binaries.load(folder.binaries)))


def node_target(node: Node) -> Target:
    """Return the target that a node is."""
    return Target(node.kubeconfig, state_dir() / "engine", node)


def node_folder() -> Path:
    """Return the folder of the lab's own node."""
    return state_dir() / "node"


def node_runs() -> bool:
    """Say whether this lab's own node runs; another lab's does not count."""
    record = Node.record()
    return record is not None and record.folder == node_folder()


def current() -> Target:
    """Return the cluster that the user named, else the lab's own node; LabError when that does not run."""
    target = users_cluster()
    if target is None and not node_runs():
        raise LabError("The lab does not run.", "Start it: make up")
    return target or lab_node()
