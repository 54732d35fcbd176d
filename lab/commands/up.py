"""Bring up a stack on the lab's own node or on the user's cluster.

The node's own tools are built first: the rest compiles while the node starts and images are imported.
"""

from dataclasses import dataclass
from pathlib import Path

from lab.cluster.rollout import wait_for_rollouts
from lab.engine.plugins import engine_tools
from lab.node import Binaries, Node
from lab.paths import cache_dir
from lab.progress import Progress
from lab.target.own_cluster import shared_state
from lab.target.stack_images import StackImage, stack_images, unfit_programs
from lab.target.stacks import check_root, deployable_settings, runnable_settings
from lab.target.target import Target, node_folder, node_target
from lab.toolchain.debian import ensure_packages
from lab.toolchain.queue import BuildQueue, build_all
from settings.stack import StackSettings

DEPLOY = "deploy"


@dataclass(frozen=True)
class Deployed:
    """A deployed stack: its target and its settings."""

    target: Target
    settings: StackSettings


def up(stack: str, progress: Progress, target: Target | None = None) -> Deployed:
    """Build what is missing, start the node unless `target` is the user's own cluster, and deploy the stack."""
    if target is None:
        settings = runnable_settings(stack)
        return Deployed(_up_on_node(stack, settings, progress), settings)
    settings = deployable_settings(stack)
    progress.plan(DEPLOY)
    build_all(engine_tools(), progress)
    with shared_state(target, stack, settings).kept():
        deploy(target, stack, settings, progress)
    return Deployed(target, settings)


def deploy(target: Target, stack: str, settings: StackSettings, progress: Progress) -> None:
    """Deploy the stack and wait until its workloads are rolled out."""
    with progress.step(DEPLOY) as step:
        target.engine(stack).up(update=step.update)
        wait_for_rollouts(target.cluster(), settings.environment.namespace, step.update)


def _up_on_node(stack: str, settings: StackSettings, progress: Progress) -> Target:
    check_root("use a cluster you have: FAWKES_KUBECONFIG=~/.kube/config make up")
    images = stack_images(settings.images)
    tools = ["kube", "coredns", *engine_tools(), *(image.tool for image in images)]
    with BuildQueue(progress, tools, unfit_programs(settings.tempo.major)) as queue:
        ensure_packages(Binaries.debian_packages, progress)
        binaries = Binaries.find(kube=queue.wait("kube"), coredns=queue.wait("coredns"))
        node = Node(node_folder(), binaries)
        progress.plan(*node.steps, *(_image_step(image) for image in images), DEPLOY)
        node.start(progress)
        for image in images:
            program = queue.wait(image.tool)
            with progress.step(_image_step(image)):
                node.load_image(image.build(program, binaries.busybox, _image_folder()))
        for tool in engine_tools():
            queue.wait(tool)
        target = node_target(node)
        deploy(target, stack, settings, progress)
    return target


def _image_step(image: StackImage) -> str:
    return f"image {image.tool}"


def _image_folder() -> Path:
    folder = cache_dir() / "images"
    folder.mkdir(exist_ok=True)
    return folder
