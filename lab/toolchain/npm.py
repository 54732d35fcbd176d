"""npm packages as a `package-lock.json` pins them, kept in the cache."""

import hashlib
import shutil
import subprocess
from pathlib import Path

from lab.errors import LabError
from lab.progress import Progress
from lab.toolchain.build import appearing_complete, bin_folder
from lab.toolchain.debian import ensure_packages

_PINNED = ("package.json", "package-lock.json")
# A registry that does not answer must not hold the command; 300 packages take ten seconds.
_SECONDS = 240
# No package here has scripts to run, and none that one might get some day shall run.
_COMMAND = ("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier")


def locked_modules(name: str, source: Path, what: str, progress: Progress) -> Path:
    """Return the folder that holds `node_modules` as the lock file in `source` pins it; fetch it the first time.

    `name` begins the name of the folder, `what` is for people: "the page's package". Raises LabError when npm is
    missing and cannot be installed, or when it cannot fetch what the lock file pins.
    """
    digest = hashlib.sha256(b"".join((source / file).read_bytes() for file in _PINNED)).hexdigest()[:12]
    folder = bin_folder() / f"{name}-{digest}"
    if not folder.is_dir():
        if shutil.which("npm") is None:
            ensure_packages(["npm"], progress)
        with progress.step(f"fetch {what}"):
            _fetch(source, folder, what)
    return folder


def _fetch(source: Path, folder: Path, what: str) -> None:
    with appearing_complete(folder) as scratch:
        for file in _PINNED:
            shutil.copyfile(source / file, scratch / file)
        _run(source, scratch, what)


def _run(source: Path, folder: Path, what: str) -> None:
    fix = f"Check the network and npm's configuration, then run in a copy of {source}: {' '.join(_COMMAND)}"
    try:
        done = subprocess.run(
            _COMMAND,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise LabError(f"npm did not fetch {what} within {_SECONDS} s.", fix) from error
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["it printed nothing"]
        raise LabError(f"npm could not fetch {what}: {lines[0]}", fix)
