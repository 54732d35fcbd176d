"""The project folder in which the engine runs: outside the checkout, so that no run can change a file of it.

The engine writes a salt into the stack file that it uses. It therefore gets a folder of its own with a copy of
the committed settings, whose `main` points to the checkout:

    <home>/projects/<stack>/Pulumi.yaml          committed, plus main and this process's virtual environment
    <home>/projects/<stack>/Pulumi.<stack>.yaml  committed configuration as adapted, plus salt
"""

import json
import secrets
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml

from lab.errors import LabError
from settings.loader import read_mapping
from settings.problems import SettingsError

Adapt = Callable[[Mapping[str, Any]], Mapping[str, Any]]


class Project:
    """One stack's project folder under the engine's `home`."""

    def __init__(self, *, repo: Path, stack: str, home: Path, adapt: Adapt = dict) -> None:
        """Nothing is read or written yet; `adapt` changes the copy of the committed configuration."""
        self.repo, self.stack, self.home, self._adapt = repo, stack, home, adapt
        # The engine's working directory, and the stack file in it.
        self.folder = home / "projects" / stack
        self.stack_file = self.folder / f"Pulumi.{stack}.yaml"
        # The folder of this machine's states, and what encrypts their secrets.
        self.backend = home / "backend"
        self.passphrase_file = home / "passphrase"

    @property
    def state_file(self) -> Path:
        """This machine's state of the stack, written by the engine."""
        return self.backend / ".pulumi" / "stacks" / self.name / f"{self.stack}.json"

    @property
    def locks(self) -> Path:
        """The folder of the stack's locks, one file a run."""
        return self.backend / ".pulumi" / "locks" / "organization" / self.name / self.stack

    @property
    def name(self) -> str:
        """The project's name in Pulumi.yaml."""
        return str(_read(self.repo / "Pulumi.yaml")["name"])

    def state(self) -> dict[str, Any]:
        """Return this machine's state, read without the engine, secrets encrypted; empty when there is none."""
        try:
            document = json.loads(self.state_file.read_text(encoding="utf-8"))
        except (FileNotFoundError, NotADirectoryError):
            return {}
        return dict(document["checkpoint"].get("latest") or {})

    def resources(self) -> list[dict[str, Any]]:
        """Return the resources of that state."""
        return list(self.state().get("resources") or [])

    def secrets_provider(self) -> dict[str, Any]:
        """Return the part of a state document that names the key to its secrets, for a stack of this machine."""
        return {"type": "passphrase", "state": {"salt": _read(self.stack_file)["encryptionsalt"]}}

    def write(self) -> None:
        """Write both files again, keeping the salt; create the passphrase if there is none."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.backend.mkdir(parents=True, exist_ok=True)
        if not self.passphrase_file.exists():
            self.passphrase_file.touch(mode=0o600)
            self.passphrase_file.write_text(secrets.token_urlsafe(32), encoding="utf-8")
        # A relative virtualenv would be resolved beside this copy. And when this process runs in another
        # environment than the committed one, the program must run there too.
        runtime = {"name": "python", "options": {"virtualenv": sys.prefix}}
        ours = {"main": str(self.repo.resolve()), "runtime": runtime}
        _write(self.folder / "Pulumi.yaml", _read(self.repo / "Pulumi.yaml") | ours)
        _write(self.stack_file, self._stack_settings())

    def _stack_settings(self) -> dict[str, Any]:
        committed = self.repo / f"Pulumi.{self.stack}.yaml"
        config = _read(committed).get("config") or {}
        for key, value in config.items():
            if isinstance(value, Mapping) and "secure" in value:
                raise LabError(
                    f"{key} in {committed.name} is encrypted for the real stack, so it cannot be read here.",
                    f"Deploy that stack with `pulumi up`, or give {key} a plain value.",
                )
        # A power cut may leave it empty.
        kept = self.stack_file.exists() and self.stack_file.stat().st_size
        salt = _read(self.stack_file).get("encryptionsalt") if kept else None
        return {"config": dict(self._adapt(config))} | ({"encryptionsalt": salt} if salt else {})


def _read(file: Path) -> dict[str, Any]:
    try:
        return dict(read_mapping(file))
    except SettingsError as error:
        raise LabError(f"{file} is refused:\n{error}", "Correct it and run this again.") from error


def _write(file: Path, content: dict[str, Any]) -> None:
    file.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
