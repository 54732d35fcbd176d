"""The image of Python: the interpreter that runs this, its standard library, and their shared libraries.

The published image has an interpreter at PROGRAM, and so has this one. Nothing of any package goes in.
"""

import functools
import os
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

from lab.errors import LabError

PROGRAM = "/usr/local/bin/python3"
# Of the standard library: what only people at a terminal use, tests, and what installs packages.
_LEFT_OUT = frozenset(
    {
        "__pycache__",
        "dist-packages",
        "ensurepip",
        "idlelib",
        "lib2to3",
        "pydoc_data",
        "site-packages",
        "test",
        "tests",
        "tkinter",
        "turtledemo",
    }
)
# The folder with what compilers need, in the name of which is the architecture.
_LEFT_OUT_PREFIX = "config-"
# Only tests, screens, terminals and local databases use them, and they need the larger libraries.
_LEFT_OUT_MODULES = ("_test", "_ctypes_test", "_xxtestfuzz", "_tkinter", "_curses", "_sqlite3", "readline", "nis.")


def interpreter() -> Path:
    """Return the interpreter of this machine that the virtual environment was made of."""
    # Not sys.executable: an environment's interpreter is a link, or a copy that finds no library elsewhere.
    found = getattr(sys, "_base_executable", None) or sys.executable
    return Path(str(found)).resolve()


@functools.cache
def files() -> dict[str, Path]:
    """Return the files by their paths in the image, which are those of this machine.

    Raises LabError where the shared libraries of the interpreter cannot be listed.
    """
    program = interpreter()
    library = dict(_library(Path(sysconfig.get_path("stdlib"))))
    extensions = [path for name, path in library.items() if name.endswith(".so")]
    return {str(program): program, **library, **_shared([program, *extensions])}


def links() -> dict[str, str]:
    """Return the links by their paths: the published image's name of the interpreter."""
    return {} if str(interpreter()) == PROGRAM else {PROGRAM: str(interpreter())}


def _library(root: Path) -> Iterator[tuple[str, Path]]:
    for folder, folders, names in os.walk(root):
        folders[:] = [one for one in folders if one not in _LEFT_OUT and not one.startswith(_LEFT_OUT_PREFIX)]
        for name in names:
            path = Path(folder) / name
            # A link into the machine's configuration, as sitecustomize.py on Debian, is read through.
            if path.is_file() and not name.startswith(_LEFT_OUT_MODULES):
                yield str(path), path


def _shared(programs: list[Path]) -> dict[str, Path]:
    """Return the shared libraries that programs are linked with, and the loader, by where they are sought."""
    try:
        done = subprocess.run(["ldd", *programs], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise LabError(
            f"The image of Python needs the libraries of {programs[0]}, and ldd cannot list them: {error}.",
            "Install libc-bin, or use a Python that is linked dynamically.",
        ) from error
    # `libm.so.6 => /lib/x86_64-linux-gnu/libm.so.6 (0x…)`, and `/lib64/ld-linux-x86-64.so.2 (0x…)`.
    words = (word for line in done.stdout.splitlines() for word in line.split())
    found = {word for word in words if word.startswith("/") and not word.endswith(":")}
    return {path: Path(path).resolve() for path in sorted(found)}
