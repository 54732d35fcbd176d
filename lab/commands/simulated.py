"""Deploy a stack for a cloud and many nodes to simulated ones, with the real engine: `TARGET=simulated`.

The API server, its controllers, the scheduler, the engine and every resource are real. The nodes only report
that their Pods run, and a moto server emulates Amazon Web Services. Neither keeps anything: each start begins
empty.
"""

import os
import shutil

from lab.commands.up import DEPLOY, Deployed, deploy
from lab.engine.plugins import engine_tools
from lab.errors import LabError
from lab.node import Node, Record, SimulatedBinaries
from lab.progress import Progress
from lab.target.stacks import check_root, stack_settings
from lab.target.target import KUBECONFIG_VARIABLE, Target, node_target, running_node, simulated_folder
from lab.toolchain.debian import ensure_packages
from lab.toolchain.queue import BuildQueue
from settings.not_yet import unsupported


def up(stack: str, progress: Progress) -> Deployed:
    """Build what is missing, start simulated nodes and cloud, and deploy the stack to them."""
    settings = stack_settings(stack)
    target = start(progress, DEPLOY)
    for gap in unsupported(settings):
        progress.note(f"Not deployed yet: {gap}")
    deploy(target, stack, settings, progress)
    return Deployed(target, settings)


def start(progress: Progress, *later: str) -> Target:
    """Return the simulated target, started empty unless it runs; `later` are the steps that follow.

    Raises LabError when the user named a cluster, this is not root, or another lab runs.
    """
    _refuse_users_cluster()
    check_root("look at what would be deployed: make render STACK=prod OUT=out")
    Record.of(simulated_folder())
    with BuildQueue(progress, ["kube", "kwok", *engine_tools()]) as queue:
        ensure_packages(SimulatedBinaries.debian_packages, progress)
        binaries = SimulatedBinaries.find(kube=queue.wait("kube"), kwok=queue.wait("kwok"))
        node = Node(simulated_folder(), binaries)
        progress.plan(*node.steps, *later)
        target = node_target(node)
        _forget(node, target, progress)
        node.start(progress)
        for tool in engine_tools():
            queue.wait(tool)
    return target


def _refuse_users_cluster() -> None:
    if named := os.environ.get(KUBECONFIG_VARIABLE):
        raise LabError(
            f"TARGET=simulated means simulated nodes, and {KUBECONFIG_VARIABLE} names a cluster ({named}).",
            f"Leave one of them out: unset {KUBECONFIG_VARIABLE}, or TARGET.",
        )


def _forget(node: Node, target: Target, progress: Progress) -> None:
    """Delete the state of engine and cluster for a simulated cloud that no longer runs."""
    if running_node() is not None or not node.folder.exists():
        return
    progress.note("The simulated cloud keeps nothing between starts: the state of the last one is deleted.")
    node.clean()
    shutil.rmtree(target.engine_home, ignore_errors=True)
