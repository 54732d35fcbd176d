"""checkov in a Python environment of its own: its many packages are pinned, and would hold back this program's."""

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
from settings.project import REPO

LOCK = REPO / "requirements-checkov.lock"


def checkov_python(progress: Progress) -> Path:
    """Return the Python that can import checkov; install it into the cache on the first use (200 MB).

    The environment appears complete or not at all. Raises LabError when it cannot be installed.
    """
    # Packages that are compiled fit one version of Python.
    version = hashlib.sha256(LOCK.read_bytes() + sys.version.encode()).hexdigest()[:12]
    folder = cache_dir() / f"checkov-{version}"
    python = folder / "bin" / "python"
    if python.exists():
        return python
    with progress.step("install checkov") as step:
        notice = "waiting: another process is installing it"
        with exclusive(folder.with_suffix(".lock"), lambda: step.update(notice)):
            # Another process may have installed it during the wait.
            if not python.exists():
                _install(folder)
    return python


def _install(folder: Path) -> None:
    try:
        with tempfile.TemporaryDirectory(prefix=".checkov-partial-", dir=folder.parent) as scratch:
            complete = Path(scratch) / "complete"
            uv = str(installed_uv())
            run([uv, "venv", "--quiet", "--relocatable", "--python", sys.executable, str(complete)])
            run([uv, "pip", "sync", "--quiet", "--require-hashes", "--python", str(complete), str(LOCK)])
            # Left behind by an environment whose Python is gone.
            shutil.rmtree(folder, ignore_errors=True)
            complete.rename(folder)
    except SetupError as error:
        what, _, fix = str(error).rpartition("\n")
        raise LabError(f"checkov could not be installed.\n{what}", fix) from error
