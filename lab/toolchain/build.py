"""Find the lab's tools: a suitable program on PATH, else one that was built once and kept in the cache.

A built tool lives in `<cache>/bin/<name>-<version>-<hash of its recipe>/`, so a changed recipe causes a new build.
A build happens in a scratch folder that is renamed at the end, so no partial build is ever found.
`lab.toolchain.queue` decides the order of builds.
"""

import contextlib
import functools
import hashlib
import itertools
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from lab.paths import cache_dir, explained, made_folder, own_cache
from lab.progress import Step
from lab.toolchain.catalogue import HOT_PACKAGES, MODULES, TOOLS
from lab.toolchain.go_commands import GoCommands
from lab.toolchain.installed import in_place_of_a_build
from lab.toolchain.tools import Files, Program, Tool

# No symbol tables: binaries are a third smaller and linked sooner.
_LINK_FLAGS = "-s -w"
# No debugging information either: it is an eighth of the compiler's work. All tools have the same flags: with
# others, packages compiled for one tool could not be reused for the next.
_COMPILE_FLAGS = (
    "-gcflags=all=-dwarf=false -l",
    *(f"-gcflags={pattern}=-dwarf=false" for pattern in HOT_PACKAGES),
)
# Modules are many and small, so latency dominates: this many downloads at once.
_DOWNLOADS = 16
_DOWNLOAD_LINE = re.compile(r"go: downloading (\S+)")


def find(name: str) -> Path | None:
    """Return the tool's first program: a suitable one on PATH, else the built one, else None."""
    own = in_place_of_a_build(TOOLS[name])
    return own.program if own else built(name)


def built(name: str) -> Path | None:
    """Return the tool's first program as it was built, or None."""
    tool = TOOLS[name]
    program = own_cache().path / "bin" / _folder_name(tool) / tool.programs[0].binary
    return program if program.is_file() else None


def download(tool: Tool, commands: GoCommands, step: Step) -> int:
    """Download the modules of a tool; return how many packages are compiled for it."""
    for files in tool.files:
        commands.run(
            ("mod", "download", "-C", str(MODULES / files.module), files.dependency), _log(tool), step.update
        )
    return sum(_list_packages(program, tool, commands, step) for program in tool.programs)


def _list_packages(program: Program, tool: Tool, commands: GoCommands, step: Step) -> int:
    def show(line: str) -> None:
        if match := _DOWNLOAD_LINE.match(line):
            step.update(match[1])

    arguments = ("list", "-C", str(MODULES / program.module), "-deps", program.package)
    lines = commands.run(arguments, _log(tool), show, parallel=_DOWNLOADS)
    return sum(not line.startswith("go: ") for line in lines)


def build(tool: Tool, commands: GoCommands, step: Step, packages: int) -> Path:
    """Compile a tool and return its first program; the step shows how many of its packages are done."""
    done = itertools.count(1)

    def show(line: str) -> None:
        # `go build -v` prints the packages that it compiles; those in the build cache are not among them.
        if not line.startswith("go: "):
            step.update(f"{next(done)} of up to {packages} packages")

    folder = bin_folder() / _folder_name(tool)
    with appearing_complete(folder) as scratch:
        for program in tool.programs:
            commands.run(_build_arguments(program, scratch), _log(tool), show)
        for files in tool.files:
            _copy_files(files, tool, commands, scratch)
    return folder / tool.programs[0].binary


def _build_arguments(program: Program, folder: Path) -> tuple[str, ...]:
    flags = f"{_LINK_FLAGS} {program.ldflags}".strip()
    output = str(folder / program.binary)
    module = str(MODULES / program.module)
    return ("build", "-C", module, "-v", *_COMPILE_FLAGS, f"-ldflags={flags}", "-o", output, program.package)


def _copy_files(files: Files, tool: Tool, commands: GoCommands, folder: Path) -> None:
    arguments = ("list", "-C", str(MODULES / files.module), "-m", "-f", "{{.Dir}}", files.dependency)
    source = Path(commands.run(arguments, _log(tool), lambda _: None)[-1])
    for file in files.files:
        target = Path(shutil.copy(source / file, folder))
        # Go's module cache keeps no modes; a script is recognized by its first bytes.
        target.chmod(0o755 if target.read_bytes().startswith(b"#!") else 0o644)


def _folder_name(tool: Tool) -> str:
    return f"{tool.name}-{tool.version}-{_recipe_hash(tool)}"


@functools.cache
def _recipe_hash(tool: Tool) -> str:
    digest = hashlib.sha256(repr((tool.programs, tool.files, _COMPILE_FLAGS, _LINK_FLAGS)).encode())
    for module in tool.modules:
        folder = MODULES / module
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            digest.update(str(file.relative_to(folder)).encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


@contextlib.contextmanager
def appearing_complete(folder: Path) -> Iterator[Path]:
    """Yield an empty folder that becomes `folder` after the block, unless another process has made that meanwhile.

    After an error there is neither.
    """
    with tempfile.TemporaryDirectory(prefix=".partial-", dir=folder.parent, ignore_cleanup_errors=True) as partial:
        scratch = Path(partial) / "complete"
        scratch.mkdir()
        yield scratch
        # Other users may share the cache, whatever this one's umask is.
        scratch.chmod(0o755)
        if not folder.is_dir():
            scratch.rename(folder)


def bin_folder() -> Path:
    """Return the folder of the built tools, and of the lock that their builds take."""
    return made_folder(cache_dir() / "bin")


def _log(tool: Tool) -> Path:
    return made_folder(cache_dir() / "logs") / f"build-{tool.name}.log"


def check_writable() -> None:
    """Raise LabError when nothing can be written into the cache: before minutes of downloads, not after."""
    try:
        with tempfile.TemporaryFile(dir=bin_folder()) as file:
            file.write(b"x")
    except OSError as error:
        raise explained(error) from error
