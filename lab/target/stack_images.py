"""The images of a stack, built by the lab from the binaries it has.

Each gets the very name that the stack uses, and has its program where the published image has it, so that the
same manifests run here and in a cluster that pulls.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lab.toolchain import images
from lab.toolchain.catalogue import TOOLS
from lab.toolchain.installed import in_place_of_a_build
from settings.images import Images

# Major and minor version of the Tempo that the lab builds.
BUILT_TEMPO = ".".join(TOOLS["tempo"].version.split(".")[:2])
# Tool in the catalogue, and path of its program in the published image, by the image's setting.
_PROGRAMS = {
    "object_store": ("minio", "/usr/bin/minio"),
    "object_store_client": ("mc", "/usr/bin/mc"),
    "tempo": ("tempo", "/tempo"),
    "collector": ("otelcol", "/otelcol-contrib"),
}
# Used by the script that sets up a bucket, beside the client.
_SHELL = {"mc": ("/bin/sh", "/bin/sleep", "/bin/cat")}
_BUSYBOX = "/bin/busybox"


@dataclass(frozen=True)
class StackImage:
    """One image that a stack needs, the tool it is made of, and the path of the tool's program in it."""

    reference: str
    tool: str
    program: str

    def build(self, program: Path, busybox: Path, folder: Path) -> Path:
        """Write the archive into the folder and return its path; an unchanged one is not rewritten."""
        applets = _SHELL.get(self.tool, ())
        files = {self.program: program} | ({_BUSYBOX: busybox} if applets else {})
        archive = folder / f"{self.tool}.tar"
        links = dict.fromkeys(applets, _BUSYBOX)
        return images.build(self.reference, files, [self.program], archive, links=links)


def stack_images(wanted: Images) -> Sequence[StackImage]:
    """Return the images that a stack names, in the order in which their tools are best built."""
    named = ((getattr(wanted, name), program) for name, program in _PROGRAMS.items())
    return [StackImage(image.reference(), *program) for image, program in named if image]


def tempo_inside(major: int) -> str:
    """Return the version of the Tempo in the image, whatever its tag, and its path if it was not built.

    The machine's own is preferred, unless only the lab's reads a configuration written for `major`.
    """
    own = in_place_of_a_build(TOOLS["tempo"])
    return str(own) if own and not unfit_programs(major) else BUILT_TEMPO


def unfit_programs(major: int) -> Mapping[str, str]:
    """Return, by tool, why the machine's own program does not suit a stack with this major version of Tempo."""
    own = in_place_of_a_build(TOOLS["tempo"])
    if own and not serves(own.version, major) and serves(BUILT_TEMPO, major):
        return {"tempo": f"the stack is written for {major}.x"}
    return {}


def serves(version: str, major: int) -> bool:
    """Return whether a Tempo of this version reads a configuration written for a major version."""
    return version.partition(".")[0] == str(major)
