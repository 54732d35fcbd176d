"""One process builds at a time: two would compile the same packages twice. Its threads share its turn."""

import contextlib
import fcntl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from lab.golang import stopped

_POLL_SECONDS = 1.0


@dataclass
class BuildLock:
    """The lock in a file; once `nobody_waits` is set, waiting for it ends in a LabError."""

    file: Path
    nobody_waits: threading.Event
    _mutex: threading.Lock = field(default_factory=threading.Lock)
    _opened: IO[str] | None = None
    _holders: int = 0

    @contextlib.contextmanager
    def held(self, waiting: Callable[[], None], first: Callable[[], None]) -> Iterator[None]:
        """Hold the lock, telling `waiting` when it is another's; `first` runs when this process's turn begins."""
        self._take(waiting, first)
        try:
            yield
        finally:
            self._release()

    def _take(self, waiting: Callable[[], None], first: Callable[[], None]) -> None:
        with self._mutex:
            if not self._holders:
                self._opened = self._locked(waiting)
                first()
            self._holders += 1

    def _release(self) -> None:
        with self._mutex:
            self._holders -= 1
            if not self._holders and self._opened:
                self._opened.close()

    def _locked(self, waiting: Callable[[], None]) -> IO[str]:
        lock = self.file.open("w", encoding="utf-8")
        try:
            while not _try_lock(lock):
                waiting()
                self._pause()
        except BaseException:
            lock.close()
            raise
        return lock

    def _pause(self) -> None:
        if self.nobody_waits.wait(_POLL_SECONDS):
            raise stopped()


def _try_lock(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
