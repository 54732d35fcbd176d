"""The Tempo in the lab's image: the machine's own or the lab's, and which stacks it serves."""

from collections.abc import Mapping

from lab.toolchain.catalogue import TOOLS
from lab.toolchain.installed import in_place_of_a_build

# Major and minor version of the Tempo that the lab builds.
BUILT_TEMPO = ".".join(TOOLS["tempo"].version.split(".")[:2])


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


def tempo_version(major: int) -> str:
    """Return the released version of the Tempo in the image, for stacks written for `major`."""
    own = in_place_of_a_build(TOOLS["tempo"])
    version = own.version if own and not unfit_programs(major) else TOOLS["tempo"].version
    return version.partition("-")[0]
