"""A repository of its own with this project's files in it, for tests of what changes between two commits."""

import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from settings.project import REPO
from tests.support.stacks import as_config, sections


@dataclass(frozen=True)
class Repository:
    """A repository at a folder."""

    folder: Path

    @classmethod
    def of_this_project(cls, folder: Path) -> "Repository":
        """Create one whose files are those of this working tree, without a commit."""
        listed = _git(REPO, "ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0")
        for name in filter(None, listed):
            if (REPO / name).is_file():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(REPO / name, folder / name)
        _git(folder, "init", "--quiet", "--initial-branch=main")
        return cls(folder)

    def commit(self, name: str) -> None:
        """Commit all files, and give the commit a name."""
        _git(self.folder, "add", "--all", "--force")
        who = ("-c", "user.name=Test", "-c", "user.email=test@example.com")
        _git(self.folder, *who, "commit", "--quiet", "--allow-empty", "--message", name)
        _git(self.folder, "tag", name)

    def git(self, *arguments: str) -> str:
        """Run git there and return its output."""
        return _git(self.folder, *arguments)

    def edit(self, file: str, edit: Callable[[str], str]) -> None:
        """Change the text of a file; fail if it stays the same."""
        path = self.folder / file
        before = path.read_text(encoding="utf-8")
        after = edit(before)
        assert after != before, f"{file} does not have what the test changes"
        path.write_text(after, encoding="utf-8")

    def write_stack(
        self, name: str, like: str, changes: Mapping[str, Any], extra: Mapping[str, Any] | None = None
    ) -> None:
        """Write a stack file like a committed one, with dotted settings changed and more configuration."""
        config = as_config(sections(like, dict(changes))) | dict(extra or {})
        file = self.folder / f"Pulumi.{name}.yaml"
        file.write_text(yaml.safe_dump({"config": config}, sort_keys=False), encoding="utf-8")


def _git(folder: Path, *arguments: str) -> str:
    command = ["git", "-C", str(folder), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
