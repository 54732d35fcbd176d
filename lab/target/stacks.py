"""Check whether a stack can be deployed to the chosen target, before anything is built, and build its images.

Each image gets the very name that the stack uses, and has its program where the published image has it, so that
the same manifests run here and in a cluster that pulls.
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from lab.engine.project import Adapt
from lab.errors import LabError, lines_of
from lab.target.lab_copy import for_own_node
from lab.target.tempo_program import serves, tempo_inside
from lab.toolchain import images, python_image
from plan.limits import checked_plan
from settings.images import Images
from settings.loader import read_stack_file
from settings.problems import SettingsError
from settings.project import REPO
from settings.stack import StackSettings

# Tool in the catalogue, and path of its program in the published image, by the image's setting.
_PROGRAMS = {
    "object_store": ("minio", "/usr/bin/minio"),
    "object_store_client": ("mc", "/usr/bin/mc"),
    "tempo": ("tempo", "/tempo"),
    "collector": ("otelcol", "/otelcol-contrib"),
    "synthetic_check": ("python", python_image.PROGRAM),
}
# Made of this machine's own interpreter: no tool is built for it.
_PYTHON = "python"
# Used by the script that sets up a bucket, beside the client.
_SHELL = {"mc": ("/bin/sh", "/bin/sleep", "/bin/cat")}
_BUSYBOX = "/bin/busybox"


def stack_settings(stack: str, adapt: Adapt = dict) -> StackSettings:
    """Return a stack's settings, as `adapt` changes its configuration; LabError when its file is refused."""
    try:
        settings = read_stack_file(REPO / f"Pulumi.{stack}.yaml", adapt)
        checked_plan(settings)
    except SettingsError as error:
        raise LabError(f"Pulumi.{stack}.yaml is refused:\n{error}", "Correct it and run this again.") from error
    return settings


def runnable_settings(stack: str) -> StackSettings:
    """Return the settings with which the lab's own node runs a stack; LabError when it cannot."""
    settings = stack_settings(stack, for_own_node)
    if needs := list(_beyond_one_node(settings)):
        raise LabError(
            f"Pulumi.{stack}.yaml requires what the lab's own node does not have:\n{lines_of(needs)}\n",
            f"Deploy it to simulated nodes and a simulated cloud: make up STACK={stack} TARGET=simulated",
        )
    return settings


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


@dataclass(frozen=True)
class StackImage:
    """One image that a stack needs, the tool it is made of, and the path of the tool's program in it."""

    reference: str
    tool: str
    program: str

    @property
    def is_built(self) -> bool:
        """Whether its program is a tool that the lab builds."""
        return self.tool != _PYTHON

    def build(self, program: Path, busybox: Path, folder: Path) -> Path:
        """Write the archive into the folder and return its path; an unchanged one is not rewritten."""
        archive = folder / f"{self.tool}.tar"
        if not self.is_built:
            files = python_image.files()
            return images.build(self.reference, files, [self.program], archive, links=python_image.links())
        applets = _SHELL.get(self.tool, ())
        files = {self.program: program} | ({_BUSYBOX: busybox} if applets else {})
        links = dict.fromkeys(applets, _BUSYBOX)
        return images.build(self.reference, files, [self.program], archive, links=links)


def stack_images(wanted: Images) -> Sequence[StackImage]:
    """Return the images that a stack names, in the order in which their tools are best built."""
    named = ((getattr(wanted, name), program) for name, program in _PROGRAMS.items())
    return [StackImage(image.reference(wanted.mirror), *program) for image, program in named if image]
