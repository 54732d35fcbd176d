"""The main job: from nothing to a trace that went in by OTLP and was found again by TraceQL.

Work is ordered so that nothing waits: the node's own tools are built first, and while the node starts
and images are imported the rest is compiled.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from lab.build import BuildQueue
from lab.debian import ensure_packages
from lab.errors import LabError
from lab.node import DEBIAN_PACKAGES, Binaries, Node
from lab.paths import REPO, cache_dir
from lab.progress import Progress
from lab.stack_images import StackImage, stack_images
from lab.target import Target, node_folder, node_target, users_cluster
from plan.limits import checked_plan
from settings.loader import read_stack_file
from settings.problems import SettingsError
from settings.stack import StackSettings
from settings.support import unsupported

_DEPLOY = "deploy"
_NODE_STEPS = ("certificates", "control plane", "node ready", "cluster DNS")


@dataclass(frozen=True)
class Deployed:
    """What is up: where, and by which settings."""

    target: Target
    settings: StackSettings


def up(stack: str, progress: Progress) -> Deployed:
    """Build what is missing, start the node unless the user named a cluster, and deploy the stack."""
    settings = deployable_settings(stack)
    target = users_cluster()
    if target is None:
        return Deployed(_up_on_node(stack, settings, progress), settings)
    progress.plan(_DEPLOY)
    with BuildQueue(progress, ["pulumi"]) as queue:
        queue.wait("pulumi")
    _deploy(target, stack, progress)
    return Deployed(target, settings)


def deployable_settings(stack: str) -> StackSettings:
    """Return a stack's settings; LabError when its file is refused or this release cannot deploy it."""
    try:
        settings = read_stack_file(REPO / f"Pulumi.{stack}.yaml")
        checked_plan(settings)
    except SettingsError as error:
        raise LabError(f"Pulumi.{stack}.yaml is refused:\n{error}", "Correct it and run this again.") from error
    if gaps := list(unsupported(settings)):
        listed = "\n".join(f"  {gap}" for gap in gaps)
        raise LabError(
            f"Pulumi.{stack}.yaml asks for what this release does not deploy yet:\n{listed}\n",
            f"`make render STACK={stack} OUT=out` shows what it will be.",
        )
    return settings


def _up_on_node(stack: str, settings: StackSettings, progress: Progress) -> Target:
    _check_root()
    images = stack_images(settings.images)
    with BuildQueue(progress, ["kube", "coredns", "pulumi", *(image.tool for image in images)]) as queue:
        progress.plan(*_NODE_STEPS, *(_image_step(image) for image in images), _DEPLOY)
        ensure_packages(DEBIAN_PACKAGES, progress)
        binaries = Binaries.find(kube=queue.wait("kube"), coredns=queue.wait("coredns"))
        node = Node(node_folder(), binaries)
        node.start(progress)
        for image in images:
            program = queue.wait(image.tool)
            with progress.step(_image_step(image)):
                node.load_image(image.build(program, binaries.busybox, _image_folder()))
        queue.wait("pulumi")
        target = node_target(node)
        _deploy(target, stack, progress)
    return target


def _deploy(target: Target, stack: str, progress: Progress) -> None:
    with progress.step(_DEPLOY) as step:
        target.engine(stack).up(update=step.update)


def _check_root() -> None:
    if os.geteuid() != 0:
        raise LabError(
            "The lab's own Kubernetes node needs root on Linux, and this is not root.",
            "Either run `sudo make up`, or use a cluster you have: FAWKES_KUBECONFIG=~/.kube/config make up",
        )


def _image_step(image: StackImage) -> str:
    return f"image {image.tool}"


def _image_folder() -> Path:
    folder = cache_dir() / "images"
    folder.mkdir(exist_ok=True)
    return folder
