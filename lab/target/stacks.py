"""Check whether a stack can be deployed to the chosen target, before anything is built."""

import os
from collections.abc import Iterator

from lab.errors import LabError, lines_of
from lab.target.stack_images import serves, tempo_inside
from plan.limits import checked_plan
from settings.loader import read_stack_file
from settings.not_yet import unsupported
from settings.problems import SettingsError
from settings.project import REPO
from settings.stack import StackSettings


def stack_settings(stack: str) -> StackSettings:
    """Return a stack's settings; LabError when its file is refused."""
    try:
        settings = read_stack_file(REPO / f"Pulumi.{stack}.yaml")
        checked_plan(settings)
    except SettingsError as error:
        raise LabError(f"Pulumi.{stack}.yaml is refused:\n{error}", "Correct it and run this again.") from error
    return settings


def deployable_settings(stack: str) -> StackSettings:
    """Return the settings of a stack that this release deploys completely; LabError when it cannot."""
    settings = stack_settings(stack)
    if gaps := list(unsupported(settings)):
        raise LabError(
            f"Pulumi.{stack}.yaml requires what this release does not deploy yet:\n{lines_of(gaps)}\n",
            f"`make render STACK={stack} OUT=out` shows what it will be like.",
        )
    return settings


def runnable_settings(stack: str) -> StackSettings:
    """Return the settings of a stack whose Pods the lab's own node can run; LabError when it cannot."""
    settings = stack_settings(stack)
    if needs := list(_beyond_one_node(settings)):
        raise LabError(
            f"Pulumi.{stack}.yaml requires what the lab's own node does not have:\n{lines_of(needs)}\n",
            f"Deploy it to simulated nodes and a simulated cloud: make up STACK={stack} TARGET=simulated",
        )
    return deployable_settings(stack)


def check_root(otherwise: str) -> None:
    """Raise LabError unless this is root; `otherwise` is the alternative for other users."""
    if os.geteuid() != 0:
        raise LabError(
            "The lab's own Kubernetes needs root on Linux, and this is not root.",
            f"Either run it with sudo, as in `sudo make up`, or {otherwise}",
        )


def _beyond_one_node(settings: StackSettings) -> Iterator[str]:
    """Yield a sentence for each setting whose Pods could not start, or would crash, on the lab's own node."""
    if settings.object_store.kind == "aws_s3":
        yield "object_store.kind aws_s3: Amazon S3, and AWS roles and keys."
    if settings.tempo.deployment_mode == "microservices":
        yield "tempo.deployment_mode microservices: several nodes, and a cache that the lab has no image of."
    inside, major = tempo_inside(settings.tempo.major), settings.tempo.major
    if not serves(inside, major):
        yield (
            f"tempo.version {settings.tempo.version}: the lab's image of Tempo contains {inside}, whatever its "
            f"tag, which does not read a configuration for {major}.x. A Tempo {major}.x on PATH would be used "
            "instead."
        )
