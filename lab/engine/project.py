"""The project folder in which the engine runs: outside the checkout, so that no run can change a file of it.

The engine writes a salt into the stack file that it uses. So it is given a folder of its own with a copy
of the committed settings, whose `main` leads back to the checkout:

    <home>/projects/<stack>/Pulumi.yaml          committed, plus main and this process's virtual environment
    <home>/projects/<stack>/Pulumi.<stack>.yaml  committed configuration, plus salt and overlay
"""

import json
import secrets
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from lab.errors import LabError
from settings.loader import read_mapping
from settings.problems import SettingsError


@dataclass(frozen=True, kw_only=True)
class Project:
    """One stack's project folder under the engine's `home`."""

    repo: Path
    stack: str
    home: Path

    @property
    def folder(self) -> Path:
        """The folder that the engine runs in."""
        return self.home / "projects" / self.stack

    @property
    def stack_file(self) -> Path:
        """The stack file that the engine reads, and writes its salt into."""
        return self.folder / f"Pulumi.{self.stack}.yaml"

    @property
    def passphrase_file(self) -> Path:
        """What encrypts the secrets of this machine's states."""
        return self.home / "passphrase"

    @property
    def backend(self) -> Path:
        """The folder of this machine's states."""
        return self.home / "backend"

    @property
    def state_file(self) -> Path:
        """The file with this machine's state of the stack, which the engine makes."""
        return self.backend / ".pulumi" / "stacks" / self.name / f"{self.stack}.json"

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

    @property
    def name(self) -> str:
        """The project's name in Pulumi.yaml."""
        return str(_read(self.repo / "Pulumi.yaml")["name"])

    def secrets_provider(self) -> dict[str, Any]:
        """Return what a state document says of the key to its secrets, for a stack that was made here."""
        return {"type": "passphrase", "state": {"salt": _read(self.stack_file)["encryptionsalt"]}}

    def write(self, overlay: Mapping[str, Any]) -> None:
        """Write both files anew, keeping the salt; make the passphrase when there is none.

        `overlay` is merged into the committed configuration, a dict into a dict, anything else in its place.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        self.backend.mkdir(parents=True, exist_ok=True)
        self._write_passphrase()
        _write(self.folder / "Pulumi.yaml", self._project_settings())
        _write(self.stack_file, self._stack_settings(overlay))

    def _project_settings(self) -> dict[str, Any]:
        settings = _read(self.repo / "Pulumi.yaml")
        # A relative virtualenv would be looked for beside this copy; and a process that runs in
        # another environment than the committed one must have the program run there too.
        runtime = {"name": "python", "options": {"virtualenv": sys.prefix}}
        return settings | {"main": str(self.repo.resolve()), "runtime": runtime}

    def _stack_settings(self, overlay: Mapping[str, Any]) -> dict[str, Any]:
        committed = self.repo / f"Pulumi.{self.stack}.yaml"
        if not committed.exists():
            known = sorted(path.name.split(".")[1] for path in self.repo.glob("Pulumi.*.yaml"))
            raise LabError(f"There is no stack {self.stack!r} in {self.repo}.", f"Use one of {known}.")
        config = merge(_read(committed).get("config") or {}, overlay)
        _refuse_secure(config, committed.name)
        # A machine that lost power may leave it empty.
        kept = self.stack_file.exists() and self.stack_file.stat().st_size
        salt = _read(self.stack_file).get("encryptionsalt") if kept else None
        return {"config": config} | ({"encryptionsalt": salt} if salt else {})

    def _write_passphrase(self) -> None:
        if self.passphrase_file.exists():
            return
        self.passphrase_file.touch(mode=0o600)
        self.passphrase_file.write_text(secrets.token_urlsafe(32), encoding="utf-8")


def merge(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Return `base` with `over` laid on it; dicts are merged, all else is replaced."""
    merged = dict(base)
    for key, value in over.items():
        old = merged.get(key)
        both = isinstance(old, Mapping) and isinstance(value, Mapping)
        merged[key] = merge(old, value) if both else value  # type: ignore[arg-type]  # both are mappings
    return merged


def _refuse_secure(config: Mapping[str, Any], file: str) -> None:
    for key, value in config.items():
        if isinstance(value, Mapping) and "secure" in value:
            raise LabError(
                f"{key} in {file} is encrypted for the real stack, so it cannot be read here.",
                f"Give a value for {key} in the overlay.",
            )


def _read(file: Path) -> dict[str, Any]:
    try:
        return dict(read_mapping(file))
    except SettingsError as error:
        raise LabError(f"{file} is refused:\n{error}", "Correct it and run this again.") from error


def _write(file: Path, content: dict[str, Any]) -> None:
    file.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
