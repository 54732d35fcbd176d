"""The commit that a change is compared with, asked of git."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

_SHORT = 10


class GitError(Exception):
    """A commit that git does not have; the message is for people."""


@dataclass(frozen=True)
class Commit:
    """A commit by its full hash, and the name by which the user asked for it."""

    name: str
    hash: str

    @property
    def short(self) -> str:
        """The first digits of the hash, which people compare."""
        return self.hash[:_SHORT]


def base_of(repo: Path, name: str) -> Commit:
    """Return the commit at which the working tree's history left that of `name`, which is what it changes.

    Raise `GitError` if `name` is no commit, or has no common history with the working tree.
    """
    if not name.strip():
        raise GitError("The commit to compare with is missing. Name it: make pr-comment BASE=main")
    # With this suffix a name that begins with a dash is no option.
    found = _git(repo, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
    if found.returncode:
        reason = found.stderr.decode(errors="replace").strip().removeprefix("fatal: ")
        raise GitError(
            f"{name!r} is no commit that git has here{f' ({reason})' if reason else ''}. Name a branch, a tag or "
            "a hash that `git log` shows; `git fetch origin main` brings a branch."
        )
    merge_base = _git(repo, "merge-base", found.stdout.decode().strip(), "HEAD")
    if merge_base.returncode:
        raise GitError(
            f"{name!r} and the working tree have no common commit here. Fetch all history: git fetch --unshallow"
        )
    return Commit(name, merge_base.stdout.decode().strip())


def archive(repo: Path, commit: Commit) -> bytes:
    """Return all files of a commit as a tar archive."""
    found = _git(repo, "archive", "--format=tar", commit.hash)
    if found.returncode:
        raise GitError(f"git cannot read {commit.short}: {found.stderr.decode(errors='replace').strip()}")
    return found.stdout


def changed_files(repo: Path, commit: Commit, folder: str) -> list[str]:
    """Return the files below a folder that differ between a commit and the working tree; git must know them."""
    found = _git(repo, "diff", "--name-only", "--no-renames", "-z", commit.hash, "--", folder)
    if found.returncode:
        raise GitError(f"git cannot compare {folder}: {found.stderr.decode(errors='replace').strip()}")
    return [name for name in found.stdout.decode(errors="replace").split("\0") if name]


def _git(repo: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(["git", "-C", str(repo), *arguments], capture_output=True, check=False)
    except FileNotFoundError as error:
        raise GitError("There is no git here. Install it: apt-get install git") from error
