"""checkov in a Python environment of its own: its many packages are pinned, and would hold back this program's."""

from pathlib import Path

from lab.progress import Progress
from lab.toolchain.python_environment import locked_python
from settings.project import REPO

LOCK = REPO / "requirements-checkov.lock"


def checkov_python(progress: Progress) -> Path:
    """Return the Python that can import checkov; install it into the cache on the first use (200 MB).

    The environment appears complete or not at all. Raises LabError when it cannot be installed.
    """
    return locked_python("checkov", LOCK, progress)
