"""Let one process at a time do a piece of work. Standard library only: `make_venv.py` uses it."""

import contextlib
import fcntl
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

_POLL_SECONDS = 0.2


@contextlib.contextmanager
def exclusive(
    file: Path, on_wait: Callable[[], object], check: Callable[[], object] = lambda: None
) -> Iterator[None]:
    """Hold the lock of a file, which is created if it is missing; the system releases it when the process dies.

    While another process holds the lock, calls `on_wait` once and `check` at every poll; an error of `check`
    ends the wait.
    """
    # Read-only, because a user may lock a file without the right to change it.
    lock = os.open(file, os.O_RDONLY | os.O_CREAT, 0o644)
    try:
        if not _acquire(lock):
            on_wait()
            while not _acquire(lock):
                check()
                time.sleep(_POLL_SECONDS)
        yield
    finally:
        os.close(lock)


def _acquire(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        # Some network file systems have no locks; work there proceeds without one.
        return True
    return True
