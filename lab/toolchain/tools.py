"""How a tool of the lab is described: its programs, extra files, and which installed versions replace a build."""

import re
from dataclasses import dataclass


def numbers(version: str) -> tuple[int, ...]:
    """Return a version as numbers, which compare as people mean it: (3, 10) is newer than (3, 9)."""
    return tuple(int(part) for part in re.findall(r"\d+", version))


@dataclass(frozen=True)
class Program:
    """One binary: the Go package it is linked from, the module folder of that, and link flags."""

    binary: str
    module: str
    package: str
    ldflags: str = ""


@dataclass(frozen=True)
class Files:
    """Files of one dependency of a module folder, copied beside the binaries under the same names."""

    module: str
    dependency: str
    files: tuple[str, ...]


@dataclass(frozen=True)
class OwnInstallation:
    """Which program on PATH replaces a build.

    A line printed by `version_command` must match `version_pattern`, which tells the product from others of the
    same name. The first group is the version: at least `minimum` and, if that is given, older than `below`.
    The files in `beside` must lie in the same folder.
    """

    version_command: tuple[str, ...]
    version_pattern: str
    minimum: str
    below: str = ""
    beside: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Tool:
    """Programs that are built together; `lab.toolchain.build.find` returns the first one.

    `licence` is an SPDX identifier. `in_image` means that the binary goes into a container image, so it must be
    static.
    """

    name: str
    version: str
    licence: str
    programs: tuple[Program, ...]
    files: tuple[Files, ...] = ()
    in_image: bool = False
    own: OwnInstallation | None = None

    @property
    def modules(self) -> tuple[str, ...]:
        """The module folders it is built from, without repetition."""
        return tuple(dict.fromkeys([*(p.module for p in self.programs), *(f.module for f in self.files)]))
