"""Where the lab keeps things, all of it outside the source tree.

Two folders, each movable by one environment variable:

- the cache (`FAWKES_CACHE_DIR`): built tools and images, keyed by version, safe to delete;
- the state (`FAWKES_STATE_DIR`): the running node, the engine's state and its passphrase.
"""

import os
from collections.abc import Callable
from pathlib import Path

import platformdirs

from cli.command import reason_of, refusal_of_the_system
from lab.errors import LabError
from lab.own_folder import CACHE, STATE, Kind, OwnFolder

APP = "fawkes-tracing"
_CACHE_VARIABLE, _STATE_VARIABLE = "FAWKES_CACHE_DIR", "FAWKES_STATE_DIR"


def cache_dir() -> Path:
    """Return the folder of built tools and images, shared by all checkouts of this user; made if it is missing.

    Raises LabError when it cannot be made, or is somebody's else.
    """
    return _claimed(_CACHE_VARIABLE, own_cache())


def state_dir() -> Path:
    """Return the folder of the running lab's state, made if it is missing.

    Raises LabError when it cannot be made or written, or is somebody's else.
    """
    folder = _claimed(_STATE_VARIABLE, own_state())
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        raise explained(PermissionError(13, "Permission denied", str(folder)))
    return folder


def own_cache() -> OwnFolder:
    """Return the cache without making it: for who only looks whether something is there, or deletes it."""
    return _own(_CACHE_VARIABLE, platformdirs.user_cache_path, CACHE)


def own_state() -> OwnFolder:
    """Return the state folder without making it."""
    return _own(_STATE_VARIABLE, platformdirs.user_state_path, STATE)


def explained(error: OSError) -> LabError:
    """Return the LabError for an error of the file system; below the lab's own folders it names their variable."""
    what, fix = refusal_of_the_system(error)
    if error.filename is None:
        # What is written without being named, as from a full buffer, is in either.
        return LabError(
            what, f"{fix.removesuffix('.')}; {_CACHE_VARIABLE} and {_STATE_VARIABLE} name other folders."
        )
    path = Path(os.fsdecode(error.filename)).absolute()
    for variable, own in ((_CACHE_VARIABLE, own_cache()), (_STATE_VARIABLE, own_state())):
        if path.is_relative_to(own.path) or own.path.is_relative_to(path):
            return LabError(what, f"{fix.removesuffix('.')}; {variable} names another folder.")
    return LabError(what, fix)


def made_folder(folder: Path) -> Path:
    """Return a folder below one of the two, made if it is missing; LabError when it cannot be made."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise explained(error) from error
    return folder


def _claimed(variable: str, own: OwnFolder) -> Path:
    if own.path.exists() and not own.path.is_dir():
        raise LabError(f"{own.path} is no folder.", f"Name another one in {variable}.")
    try:
        own.claim()
    except OSError as error:
        raise LabError(
            f"{own.path} cannot be made or read: {reason_of(error)}.", f"Name another folder in {variable}."
        ) from error
    except LabError as error:
        raise LabError(error.what, f"{error.fix.removesuffix('.')} in {variable}.") from error
    return own.path


def _own(variable: str, default: Callable[[str], Path], kind: Kind) -> OwnFolder:
    named = os.environ.get(variable, "").strip()
    folder = Path(named) if named else default(APP)
    try:
        # Resolved, so that a folder has one name, whichever link leads to it.
        folder = folder.expanduser().resolve()
    except (OSError, RuntimeError) as error:
        raise LabError(f"{folder} leads nowhere: {error}", f"Name another folder in {variable}.") from error
    return OwnFolder(folder, kind)
