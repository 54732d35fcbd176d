"""Folders outside the tree."""

from pathlib import Path

import pytest

from lab.errors import LabError
from lab.paths import cache_dir, state_dir


def test_each_folder_is_moved_by_its_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAWKES_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("FAWKES_STATE_DIR", str(tmp_path / "deep" / "state"))

    assert cache_dir() == tmp_path / "cache"
    assert state_dir() == tmp_path / "deep" / "state"
    assert state_dir().is_dir()


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("FAWKES_STATE_DIR", str(tmp_path / "file" / "state"))

    with pytest.raises(LabError, match=r"cannot be made: .* Name another folder in FAWKES_STATE_DIR"):
        state_dir()
