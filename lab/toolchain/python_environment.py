"""Python environments of their own, each from a lock file: their packages would hold back this program's."""

import hashlib
import shutil
import sys
import tempfile
from pathlib import Path

from cli.lock import exclusive
from lab.errors import LabError
from lab.paths import cache_dir
from lab.progress import Progress
from make_venv import SetupError, installed_uv, run


def locked_python(name: str, lock: Path, progress: Progress) -> Path:
    """Return the Python of the environment of a lock file with hashes; install it into the cache on the first use.

    It appears complete or not at all. Raises LabError, in which `name` is what is missing, when it cannot be
    installed.
    """
    # Packages that are compiled fit one version of Python.
    version = hashlib.sha256(lock.read_bytes() + sys.version.encode()).hexdigest()[:12]
    folder = cache_dir() / f"{name}-{version}"
    python = folder / "bin" / "python"
    if python.exists():
        return python
    with progress.step(f"install {name}") as step:
        notice = "waiting: another process is installing it"
        with exclusive(folder.with_suffix(".lock"), lambda: step.update(notice)):
            # Another process may have installed it during the wait.
            if not python.exists():
                _install(name, lock, folder)
    return python


def _install(name: str, lock: Path, folder: Path) -> None:
    try:
        with tempfile.TemporaryDirectory(prefix=f".{name}-partial-", dir=folder.parent) as scratch:
            complete = Path(scratch) / "complete"
            uv = str(installed_uv())
            run([uv, "venv", "--quiet", "--relocatable", "--python", sys.executable, str(complete)])
            run([uv, "pip", "sync", "--quiet", "--require-hashes", "--python", str(complete), str(lock)])
            # Left behind by an environment whose Python is gone.
            shutil.rmtree(folder, ignore_errors=True)
            complete.rename(folder)
    except SetupError as error:
        what, _, fix = str(error).rpartition("\n")
        raise LabError(f"{name} could not be installed.\n{what}", fix) from error
