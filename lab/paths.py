"""Where the lab keeps things, all of it outside the source tree.

Two folders, each movable by one environment variable:

- the cache (`FAWKES_CACHE_DIR`): built tools and images, keyed by version, safe to delete;
- the state (`FAWKES_STATE_DIR`): the running node, the engine's state and its passphrase.
"""

import os
from pathlib import Path

import platformdirs

from lab.errors import LabError

APP = "fawkes-tracing"
REPO = Path(__file__).resolve().parent.parent


def cache_dir() -> Path:
    """Return the folder of built tools and images, shared by all checkouts of this user."""
    return _folder("FAWKES_CACHE_DIR", platformdirs.user_cache_path(APP))


def state_dir() -> Path:
    """Return the folder of the running lab's state."""
    return _folder("FAWKES_STATE_DIR", platformdirs.user_state_path(APP))


def _folder(variable: str, default: Path) -> Path:
    folder = Path(os.environ.get(variable) or default).expanduser().absolute()
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o755)
    except OSError as error:
        raise LabError(
            f"{folder} cannot be made: {error.strerror}.", f"Name another folder in {variable}."
        ) from error
    return folder
