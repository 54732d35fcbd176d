"""The commit that a change is compared with, and sentences where git has none."""

from pathlib import Path

import pytest

from review.git import GitError, archive, base_of, changed_files
from tests.support.commits import Repository


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """A branch that left `main` at `fork`, with a commit on each since."""
    tmp_path.joinpath("file").write_text("text", encoding="utf-8")
    found = Repository(tmp_path)
    found.git("init", "--quiet", "--initial-branch=main")
    found.commit("fork")
    found.commit("later")
    found.git("checkout", "--quiet", "-b", "branch", "fork")
    found.commit("mine")
    return found


def test_a_change_is_compared_with_the_commit_at_which_it_left(repository: Repository) -> None:
    """Compared with the newest commit of `main`, what others merged would look undone."""
    found = base_of(repository.folder, "main")
    assert found.hash == repository.git("rev-parse", "fork").strip()
    assert (found.name, found.short) == ("main", found.hash[:10])


def test_a_hash_and_a_tag_name_it_too(repository: Repository) -> None:
    hash_ = repository.git("rev-parse", "fork").strip()
    assert base_of(repository.folder, hash_).hash == base_of(repository.folder, "fork").hash == hash_


@pytest.mark.parametrize(
    "name", ["nowhere", "HEAD~99", "file", "--all", "-h", "main:file", "a b", "\n", "main^{tree}"]
)
def test_what_is_no_commit_is_refused_with_a_sentence(repository: Repository, name: str) -> None:
    with pytest.raises(GitError, match=r"is no commit that git has here|is missing"):
        base_of(repository.folder, name)


def test_a_missing_name_is_asked_for(repository: Repository) -> None:
    with pytest.raises(GitError, match="make pr-comment BASE=main"):
        base_of(repository.folder, " ")


def test_histories_that_never_met_are_refused(repository: Repository) -> None:
    """As in a shallow clone of CI."""
    repository.git("checkout", "--quiet", "--orphan", "other")
    repository.commit("unrelated")
    with pytest.raises(GitError, match="no common commit here"):
        base_of(repository.folder, "main")


def test_a_folder_without_git_is_refused(tmp_path: Path) -> None:
    with pytest.raises(GitError, match="not a git repository"):
        base_of(tmp_path, "main")


def test_a_machine_without_git_is_told(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(GitError, match="There is no git here"):
        base_of(repository.folder, "main")


def test_the_archive_has_the_files_of_the_commit(repository: Repository) -> None:
    commit = base_of(repository.folder, "main")
    repository.folder.joinpath("file").write_text("changed", encoding="utf-8")
    assert b"text" in archive(repository.folder, commit)


def test_the_files_of_a_folder_that_the_working_tree_changes_are_named(repository: Repository) -> None:
    rules = repository.folder / "policies"
    rules.mkdir()
    rules.joinpath("prod bounds.json").write_text("{}", encoding="utf-8")
    base = base_of(repository.folder, "main")
    repository.git("add", "policies")
    assert changed_files(repository.folder, base, "policies") == ["policies/prod bounds.json"]
    assert changed_files(repository.folder, base, "other") == []
