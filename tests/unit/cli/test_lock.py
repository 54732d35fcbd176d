"""One process at a time, on file systems with and without locks."""

import errno
import fcntl
import os
from pathlib import Path

import pytest

from cli.lock import exclusive


def refusing(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the system refuse every lock with this error."""

    def flock(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(fcntl, "flock", flock)


def test_a_lock_is_free_again_afterwards(tmp_path: Path) -> None:
    for _ in range(2):
        with exclusive(tmp_path / "lock", lambda: pytest.fail("waited for itself")):
            assert (tmp_path / "lock").is_file()


def test_work_proceeds_where_the_file_system_has_no_locks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refusing(errno.ENOLCK, monkeypatch)
    with exclusive(tmp_path / "lock", lambda: pytest.fail("waited")):
        pass


def test_any_other_refusal_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the lock two builds would delete each other's files."""
    refusing(errno.EBADF, monkeypatch)
    with pytest.raises(OSError, match="Bad file descriptor"), exclusive(tmp_path / "lock", lambda: None):
        pass
