"""Let one process at a time do a piece of work. Standard library only: `make_venv.py` uses it."""

import contextlib
import errno
import fcntl
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

_POLL_SECONDS = 0.2
_NO_LOCKS = frozenset({errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP})


@contextlib.contextmanager
def exclusive(
    file: Path, on_wait: Callable[[], object], check: Callable[[], object] = lambda: None
) -> Iterator[None]:
    """Hold the lock of a file, which is created if it is missing; the system releases it when the process dies.

    While another process holds the lock, calls `on_wait` once and `check` at every poll; an error of `check`
    ends the wait.
    """
    lock = _open(file)
    try:
        if not _acquire(lock):
            on_wait()
            while not _acquire(lock):
                check()
                time.sleep(_POLL_SECONDS)
        yield
    finally:
        os.close(lock)


def _open(file: Path) -> int:
    """Return a descriptor for locking; NFS requires one that can write, and another user's file may not be."""
    try:
        return os.open(file, os.O_RDWR | os.O_CREAT, 0o644)
    except PermissionError:
        return os.open(file, os.O_RDONLY)


def _acquire(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        # Work proceeds without a lock where the file system has none.
        if error.errno not in _NO_LOCKS:
            raise
    return True
