"""The page's one package, uPlot: fetched by npm as `look/package-lock.json` pins it, and kept in the cache."""

import hashlib
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from lab.errors import LabError
from lab.progress import Progress
from lab.toolchain.build import bin_folder
from lab.toolchain.debian import ensure_packages
from settings.project import REPO

LOOK = REPO / "look"
_PINNED = ("package.json", "package-lock.json")
# What the page loads of it.
_FILES = ("uPlot.esm.js", "uPlot.min.css")
# 200 kB; a registry that does not answer must not hold the command.
_SECONDS = 120


def package_files(progress: Progress) -> Mapping[str, Path]:
    """Return uPlot's files by the path at which they are served; fetch them the first time.

    Raises LabError when npm is missing and cannot be installed, or when it cannot fetch what the lock file pins.
    """
    digest = hashlib.sha256(b"".join((LOOK / name).read_bytes() for name in _PINNED)).hexdigest()[:12]
    folder = bin_folder() / f"uplot-{digest}"
    if not folder.is_dir():
        if shutil.which("npm") is None:
            ensure_packages(["npm"], progress)
        with progress.step("fetch the page's package"):
            _fetch(folder)
    return {f"/{name}": folder / "node_modules" / "uplot" / "dist" / name for name in _FILES}


def page_files() -> Mapping[str, Path]:
    """Return the page's own files by the path at which they are served."""
    files = {
        f"/{file.name}": file for file in (LOOK / "page").iterdir() if file.suffix in {".css", ".html", ".js"}
    }
    return files | {"/": files["/index.html"]}


def _fetch(folder: Path) -> None:
    with tempfile.TemporaryDirectory(prefix=".partial-", dir=folder.parent, ignore_cleanup_errors=True) as partial:
        scratch = Path(partial) / "complete"
        scratch.mkdir()
        for name in _PINNED:
            shutil.copyfile(LOOK / name, scratch / name)
        # The package has no scripts to run, and none that it might get one day shall run here.
        command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"]
        _run(command, scratch)
        scratch.chmod(0o755)
        if not folder.is_dir():
            scratch.rename(folder)


def _run(command: list[str], folder: Path) -> None:
    fix = f"Check the network and npm's configuration, then run in a copy of {LOOK}: {' '.join(command)}"
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise LabError(f"npm did not fetch the page's package within {_SECONDS} s.", fix) from error
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["it printed nothing"]
        raise LabError(f"npm could not fetch the page's package: {lines[0]}", fix)
