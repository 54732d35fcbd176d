"""Select the cluster of a stack: the lab's own node, its simulated nodes, or the user's own cluster.

`FAWKES_KUBECONFIG` names the user's cluster. `KUBECONFIG` alone is not enough: in many shells it names a cluster
that must not receive a lab.
"""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lab.cluster.service import Cluster
from lab.engine.engine import Engine
from lab.errors import LabError
from lab.node import Node, Record, load
from lab.node.layout import AWS_URL, NODE_ADDRESS, NodeFolder
from lab.paths import own_state, state_dir
from lab.proxies import without_proxy
from lab.target.lab_copy import for_own_node, for_simulated_nodes, refuse_another_context
from lab.toolchain import build
from settings.project import REPO

USERS_KUBECONFIG = "FAWKES_KUBECONFIG"
_NODE, _SIMULATED = "node", "simulated"
# The folder of the engine's state for each, beside it.
_ENGINE_HOMES = {_NODE: "engine", _SIMULATED: "simulated-engine"}
# Access to the simulated cloud. Any credentials will do, and these keep real ones from being sent there.
_SIMULATED_CLOUD = {
    "AWS_ENDPOINT_URL": AWS_URL,
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    # If this machine is in a cloud, that is not queried for credentials or a region.
    "AWS_EC2_METADATA_DISABLED": "true",
}


@dataclass(frozen=True)
class Target:
    """A cluster's kubeconfig, and the folder of the engine's state for it; `node` is the lab's own."""

    kubeconfig: Path
    engine_home: Path
    node: Node | None
    # The API server's URL when the command began, for the user's cluster: its kubeconfig may change meanwhile.
    server: str = ""

    @property
    def simulated(self) -> bool:
        """Whether nodes and cloud are simulated: everything is created, and nothing runs."""
        return self.node is not None and self.node.simulated

    @property
    def environment(self) -> dict[str, str]:
        """The variables by which programs reach the cluster, and the simulated cloud if there is one."""
        found = {"KUBECONFIG": str(self.kubeconfig), **(_SIMULATED_CLOUD if self.simulated else {})}
        # A proxy cannot reach the node, which only this machine can.
        return found | without_proxy(os.environ, str(NODE_ADDRESS)) if self.node else found

    def cluster(self) -> Cluster:
        """Return a connection to the cluster and its Services."""
        return Cluster(self.kubeconfig, direct=self.node is not None)

    def engine(self, stack: str) -> Engine:
        """Return the engine for one stack; LabError without pulumi, or when the kubeconfig has changed."""
        pulumi, environment = build.find("pulumi"), self.environment
        if pulumi is None:
            raise LabError("The engine is not built yet.", "Run `make tools` first.")
        if self.server and (now := self.cluster().host) != self.server:
            raise LabError(
                f"{self.kubeconfig} points to {now} now; when this command began, to {self.server}.",
                "Nothing was changed. Select the intended context and run the command again.",
            )
        return Engine(
            repo=REPO,
            stack=stack,
            home=self.engine_home,
            pulumi=pulumi,
            environment=environment,
            adapt=self._adapt,
            policies=REPO / "policies",
        )

    def _adapt(self, config: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return a stack's configuration as it is deployed here; LabError for another cluster than the user's."""
        if self.node:
            return for_simulated_nodes(config) if self.simulated else for_own_node(config)
        refuse_another_context(config, self.kubeconfig)
        return config


def users_cluster() -> Target | None:
    """Return the cluster that the user named, or None; LabError when it does not answer."""
    named = os.environ.get(USERS_KUBECONFIG)
    if not named:
        return None
    kubeconfig = Path(named).expanduser().absolute()
    if not kubeconfig.is_file():
        raise LabError(f"{USERS_KUBECONFIG} names {kubeconfig}, which is not a file.", "Correct or unset it.")
    cluster = Cluster(kubeconfig)
    cluster.answers()
    # Each cluster has its own state.
    identity = hashlib.sha256(cluster.host.encode()).hexdigest()[:12]
    return Target(kubeconfig, state_dir() / f"engine-{identity}", None, cluster.host)


def node_target(node: Node) -> Target:
    """Return the target of a lab's node."""
    return Target(node.kubeconfig, node.folder.with_name(_ENGINE_HOMES[node.folder.name]), node)


def node_folder() -> Path:
    """Return the folder of the lab's own node, which runs Pods."""
    return state_dir() / _NODE


def simulated_folder() -> Path:
    """Return the folder of the simulated nodes."""
    return state_dir() / _SIMULATED


def running_node() -> Target | None:
    """Return the target of this lab's running node, real or simulated; None when none runs, or another lab's does.

    A node keeps the programs that it was started with, so that a newer checkout can still stop it.
    """
    record = own_record()
    if record is None:
        return None
    try:
        programs = load(NodeFolder(record.folder).binaries)
    except FileNotFoundError as error:
        what = f"The files of the lab in {record.folder} were deleted while it runs."
        raise LabError(what, "End it: make down") from error
    return node_target(Node(record.folder, programs))


def own_record() -> Record | None:
    """Return the record of this lab's running node, real or simulated; None when none runs."""
    record = Node.record()
    # `own_state` names the state folder even if it no longer looks like one.
    ours = {own_state().path / name for name in _ENGINE_HOMES}
    return record if record and record.folder in ours else None


def current() -> Target:
    """Return the user's cluster if named, else the running lab's; LabError when there is neither."""
    target = users_cluster() or running_node()
    if target is None:
        if record := Node.record():
            raise record.elsewhere("that of this state folder does not", "Look at it", "status")
        raise LabError("The lab is not running.", "Start it: make up")
    return target
