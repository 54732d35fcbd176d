"""What is in the images of a stack, when the lab builds them from the binaries it has.

Each gets the very name that the stack uses, and its program where the published image has it, so that
the same manifests run here and in a cluster that pulls.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from lab.toolchain import images
from lab.toolchain.catalogue import TOOLS
from lab.toolchain.installed import in_place_of_a_build
from settings.images import Images

# Of the Tempo that the lab builds.
BUILT_TEMPO = ".".join(TOOLS["tempo"].version.split(".")[:2])
# What the set-up script of a bucket uses beside the client.
_SHELL = {f"/bin/{applet}": "/bin/busybox" for applet in ("sh", "sleep", "cat")}


@dataclass(frozen=True)
class Contents:
    """Which tool an image is made of, where its program lies, and what else the published image offers."""

    tool: str
    program: str
    shell: Mapping[str, str] = field(default_factory=dict)


_CONTENTS: Mapping[str, Contents] = {
    "object_store": Contents("minio", "/usr/bin/minio"),
    "object_store_client": Contents("mc", "/usr/bin/mc", _SHELL),
    "tempo": Contents("tempo", "/tempo"),
    "collector": Contents("otelcol", "/otelcol-contrib"),
}


@dataclass(frozen=True)
class StackImage:
    """One image that a stack needs, and the tool it is made of."""

    reference: str
    contents: Contents

    @property
    def tool(self) -> str:
        """The tool's name in the catalogue."""
        return self.contents.tool

    def build(self, program: Path, busybox: Path, folder: Path) -> Path:
        """Write the archive into the folder and return its path; nothing is written when nothing changed."""
        files = {self.contents.program: program}
        if self.contents.shell:
            files["/bin/busybox"] = busybox
        archive = folder / f"{self.tool}.tar"
        return images.build(
            self.reference, files, [self.contents.program], archive, links=dict(self.contents.shell)
        )


def tempo_inside(major: int) -> str:
    """Return the version of the Tempo in the image, whatever the tag says, and where it is if it was not built.

    The machine's own is preferred, unless only the one that the lab builds reads what is written for `major`.
    """
    own = in_place_of_a_build(TOOLS["tempo"])
    return str(own) if own and not unfit_programs(major) else BUILT_TEMPO


def unfit_programs(major: int) -> Mapping[str, str]:
    """Return by tool why the machine's own program does not serve a stack whose Tempo has this major version."""
    own = in_place_of_a_build(TOOLS["tempo"])
    if own and not serves(own.version, major) and serves(BUILT_TEMPO, major):
        return {"tempo": f"the stack is written for {major}.x"}
    return {}


def serves(version: str, major: int) -> bool:
    """Say whether a Tempo of this version reads what is written for a major version."""
    return version.partition(".")[0] == str(major)


def stack_images(wanted: Images) -> Sequence[StackImage]:
    """Return the images that a stack names, in the order in which their tools are best built."""
    named = ((getattr(wanted, name), contents) for name, contents in _CONTENTS.items())
    return [StackImage(image.reference(), contents) for image, contents in named if image]
