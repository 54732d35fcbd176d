"""Folders outside the tree."""

import os
from pathlib import Path

import pytest

from lab.errors import LabError
from lab.paths import cache_dir, explained, own_cache, state_dir


def test_each_folder_is_moved_by_its_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAWKES_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("FAWKES_STATE_DIR", str(tmp_path / "deep" / "state"))

    assert cache_dir() == tmp_path / "cache"
    assert state_dir() == tmp_path / "deep" / "state"
    assert state_dir().is_dir()


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("FAWKES_STATE_DIR", str(tmp_path / "file" / "state"))

    with pytest.raises(LabError, match=r"cannot be created or read: .* Name another folder in FAWKES_STATE_DIR"):
        state_dir()


def test_a_folder_has_one_name_whichever_link_leads_to_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The lab that runs is known by its folder: by another name it would be another's."""
    (tmp_path / "link").symlink_to(tmp_path / "not there yet")
    monkeypatch.setenv("FAWKES_STATE_DIR", f"{tmp_path}/x/../link/")
    assert state_dir() == tmp_path / "not there yet"


@pytest.mark.parametrize("named", ["", "  "])
def test_an_empty_variable_names_nothing(named: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("FAWKES_CACHE_DIR", named)
    assert own_cache().path == tmp_path / "fawkes-tracing"


def test_a_name_that_leads_nowhere_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAWKES_CACHE_DIR", "~nobody-has-this-name/cache")
    with pytest.raises(LabError, match="cannot be resolved") as refusal:
        cache_dir()
    assert refusal.value.fix == "Name another folder in FAWKES_CACHE_DIR."


def test_what_is_no_folder_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(tmp_path / "pipe")
    monkeypatch.setenv("FAWKES_STATE_DIR", str(tmp_path / "pipe"))
    with pytest.raises(LabError, match="is not a folder"):
        state_dir()


def test_a_folder_in_which_something_else_has_a_name_that_the_lab_needs_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would be written to, and deleted by `make clean`."""
    (tmp_path / "go" / "src").mkdir(parents=True)
    monkeypatch.setenv("FAWKES_CACHE_DIR", str(tmp_path))
    with pytest.raises(LabError, match="holds go, a name that the lab needs") as refusal:
        cache_dir()
    assert (
        refusal.value.fix
        == f"Name a new or empty folder, as in {tmp_path / 'fawkes-tracing'} in FAWKES_CACHE_DIR."
    )
    assert [path.name for path in tmp_path.iterdir()] == ["go"]


def test_an_error_below_a_folder_of_the_lab_names_its_variable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever reads it may not know that the folder can be moved."""
    monkeypatch.setenv("FAWKES_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("FAWKES_STATE_DIR", str(tmp_path / "state"))
    for variable, file in (("FAWKES_CACHE_DIR", "cache/bin/x"), ("FAWKES_STATE_DIR", "state/engine/passphrase")):
        error = explained(PermissionError(13, "Permission denied", str(tmp_path / file)))
        assert str(tmp_path / file) in error.what
        assert variable in error.fix
    assert "FAWKES" not in explained(PermissionError(13, "Permission denied", "/etc/shadow")).fix
