"""Bring up a stack on the lab's own node, on the user's cluster, or simulated (`TARGET=simulated`).

The node's own tools are built first: the rest compiles while the node starts and images are imported.

`TARGET=simulated` is for stacks that need many nodes and Amazon Web Services. The API server, its controllers, the
scheduler, the engine and every resource are real. The nodes only report that their Pods run, and a moto server
emulates the cloud. Neither keeps anything: each start begins empty.
"""

import os
import shutil
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from lab.cluster.rollout import wait_for_rollouts
from lab.commands.preview import PREVIEW, clean_preview
from lab.engine.plugins import engine_tools
from lab.errors import LabError
from lab.monitoring.prometheus import follow_stack
from lab.node import Binaries, Node, Record, SimulatedBinaries
from lab.node.layout import NodeFolder
from lab.paths import cache_dir, made_folder
from lab.progress import Progress
from lab.target import stacks
from lab.target.shared_state import SharedState
from lab.target.target import USERS_KUBECONFIG, Target, node_folder, node_target, running_node, simulated_folder
from lab.target.tempo_program import unfit_programs
from lab.toolchain import python_image
from lab.toolchain.debian import ensure_packages
from lab.toolchain.queue import BuildQueue, build_all
from settings.stack import StackSettings

_DEPLOY = "deploy"
_LAST_STEPS = (PREVIEW, _DEPLOY)


def up(
    stack: str,
    progress: Progress,
    target: Target | None = None,
    approved: Path | None = None,
    *,
    with_issuer: bool = False,
) -> Target:
    """Build what is missing, start the node unless `target` is the user's own cluster, and deploy the stack.

    The lab's own node issues certificates if the stack names an issuer, or `with_issuer` for one that comes later.
    Raises LabError, with nothing deployed, when the policies refuse it, or when its preview has another digest
    than the file `approved`.
    """
    if target is None:
        settings = stacks.runnable_settings(stack)
        return _up_on_node(stack, settings, progress, approved, with_issuer or settings.tls.issuer is not None)
    settings = stacks.stack_settings(stack)
    progress.plan(*_LAST_STEPS)
    build_all(engine_tools(), progress)
    state = SharedState(target, stack, settings.environment.namespace)
    state.fetch()
    _Deployment(target, stack, settings, approved).run(progress, state.kept(previewed=True))
    return target


def _up_on_node(
    stack: str,
    settings: StackSettings,
    progress: Progress,
    approved: Path | None,
    with_issuer: bool,  # noqa: FBT001 - only `up` calls it
) -> Target:
    stacks.check_root("use a cluster you have: FAWKES_KUBECONFIG=~/.kube/config make up")
    images = {f"image {image.tool}": image for image in stacks.stack_images(settings.images)}
    issuer = ["cert-manager"] if with_issuer else []
    tools = [
        "kube",
        "coredns",
        *issuer,
        *engine_tools(),
        *(image.tool for image in images.values() if image.is_built),
    ]
    with BuildQueue(progress, tools, unfit_programs(settings.tempo.major)) as queue:
        ensure_packages(Binaries.debian_packages, progress)
        kube, coredns, *cert_manager = (queue.wait(name) for name in ("kube", "coredns", *issuer))
        binaries = Binaries.find(kube=kube, coredns=coredns, cert_manager=next(iter(cert_manager), None))
        node = Node(node_folder(), binaries)
        progress.plan(*node.steps, *images, *_LAST_STEPS)
        node.start(progress)
        for name, image in images.items():
            program = queue.wait(image.tool) if image.is_built else python_image.interpreter()
            with progress.step(name):
                node.load_image(image.build(program, binaries.busybox, made_folder(cache_dir() / "images")))
        for tool in engine_tools():
            queue.wait(tool)
        target = node_target(node)
        _Deployment(target, stack, settings, approved).run(progress)
    return target


@dataclass(frozen=True)
class _Deployment:
    """One stack on one target; `approved` is the file with the digest of an approved preview."""

    target: Target
    stack: str
    settings: StackSettings
    approved: Path | None

    def run(self, progress: Progress, kept: AbstractContextManager[None] | None = None) -> None:
        """Preview the stack, deploy it if that is clean and approved, and wait until its workloads are rolled out.

        `kept` stores the state of a shared stack. The preview comes before: that state names who changed the stack
        last, and a refused preview changes nothing.
        """
        clean_preview(self.target, self.stack, progress, self.approved)
        with kept or nullcontext(), progress.step(_DEPLOY) as step:
            self.target.engine(self.stack).up(update=step.update)
            cluster = self.target.cluster()
            wait_for_rollouts(cluster, self.settings.environment.namespace, step.update)
            if self.target.node and not self.target.simulated:
                follow_stack(cluster, NodeFolder(self.target.node.folder), step.update)


def up_simulated(stack: str, progress: Progress, approved: Path | None = None) -> Target:
    """Build what is missing, start simulated nodes and cloud, and deploy the stack to them."""
    settings = stacks.stack_settings(stack)
    target = start_simulated(progress, *_LAST_STEPS)
    _Deployment(target, stack, settings, approved).run(progress)
    return target


def start_simulated(progress: Progress, *later: str) -> Target:
    """Return the simulated target, started empty unless it runs; `later` are the steps that follow.

    Raises LabError when the user named a cluster, this is not root, or another lab runs.
    """
    if named := os.environ.get(USERS_KUBECONFIG):
        raise LabError(
            f"TARGET=simulated means simulated nodes, and {USERS_KUBECONFIG} names a cluster ({named}).",
            f"Leave one of them out: unset {USERS_KUBECONFIG}, or TARGET.",
        )
    stacks.check_root("look at what would be deployed: make render STACK=prod OUT=out")
    Record.of(simulated_folder())
    with BuildQueue(progress, ["kube", "kwok", *engine_tools()]) as queue:
        ensure_packages(SimulatedBinaries.debian_packages, progress)
        binaries = SimulatedBinaries.find(kube=queue.wait("kube"), kwok=queue.wait("kwok"))
        node = Node(simulated_folder(), binaries)
        progress.plan(*node.steps, *later)
        _forget(node, progress)
        node.start(progress)
        for tool in engine_tools():
            queue.wait(tool)
    return node_target(node)


def _forget(node: Node, progress: Progress) -> None:
    """Delete the state of engine and cluster for a simulated cloud that no longer runs."""
    if running_node() is None and node.folder.exists():
        progress.note("The simulated cloud keeps nothing between starts: the state of the last one is deleted.")
        node.clean()
        shutil.rmtree(node_target(node).engine_home, ignore_errors=True)
