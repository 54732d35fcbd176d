"""The lab's two folders outside the source tree, each with an environment variable that moves it.

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


def cache_dir() -> Path:
    """Return the folder of built tools and images, which all checkouts of this user share; create it if missing.

    Raise LabError when it cannot be created, or holds foreign files under the lab's names.
    """
    return _claimed(own_cache())


def state_dir() -> Path:
    """Return the folder of the running lab's state; create it if missing.

    Raise LabError when it cannot be created or written, or holds foreign files under the lab's names.
    """
    folder = _claimed(own_state())
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        raise explained(PermissionError(13, "Permission denied", str(folder)))
    return folder


def own_cache() -> OwnFolder:
    """Return the cache without creating it, to look something up or to delete it."""
    return _own(platformdirs.user_cache_path, CACHE)


def own_state() -> OwnFolder:
    """Return the state folder without creating it."""
    return _own(platformdirs.user_state_path, STATE)


def explained(error: OSError) -> LabError:
    """Return the LabError for a file error; below the lab's own folders it names the variable that moves them."""
    what, fix = refusal_of_the_system(error)
    # A full disk is often reported without a file, which then is in either folder.
    path = Path(os.fsdecode(error.filename)).absolute() if error.filename else Path("/")
    near = [
        own for own in (own_cache(), own_state()) if path.is_relative_to(own.path) or own.path.is_relative_to(path)
    ]
    if not near:
        return LabError(what, fix)
    moves = " and ".join(f"{own.kind.variable} names another folder" for own in near)
    return LabError(what, f"{fix.removesuffix('.')}; {moves}.")


def made_folder(folder: Path) -> Path:
    """Return a folder below one of the two, created if missing; LabError when that fails."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise explained(error) from error
    return folder


def _claimed(own: OwnFolder) -> Path:
    fix = f"Name another folder in {own.kind.variable}."
    if own.path.exists() and not own.path.is_dir():
        raise LabError(f"{own.path} is not a folder.", fix)
    try:
        own.claim()
    except OSError as error:
        raise LabError(f"{own.path} cannot be created or read: {reason_of(error)}.", fix) from error
    return own.path


def _own(default: Callable[[str], Path], kind: Kind) -> OwnFolder:
    named = os.environ.get(kind.variable, "").strip()
    folder = Path(named) if named else default(APP)
    try:
        # Resolved: a running lab is recognized by its folder, whichever link leads to it.
        folder = folder.expanduser().resolve()
    except (OSError, RuntimeError) as error:
        raise LabError(
            f"{folder} cannot be resolved: {error}", f"Name another folder in {kind.variable}."
        ) from error
    return OwnFolder(folder, kind)
