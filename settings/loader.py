"""From a stack file, or from the engine's configuration, to `StackSettings`.

Both ways lead through `parse`, so a file that `python -m settings check` accepts is
a file that the program accepts. Only `read_mapping` reads anything.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from settings.checks import CHECKS
from settings.problems import Problem, SettingsError, from_pydantic, shown
from settings.project import PROJECT
from settings.stack import SECRET_KEYS, StackSettings
from settings.unique_keys import UniqueKeyLoader

# What PyYAML raises for a text it cannot build: beside its own errors, a value that does not fit an
# explicit tag (`!!int ""`, `!!bool x`, `!!timestamp x`) ends in whatever the conversion raised.
_YAML_FAILURES = (yaml.YAMLError, ValueError, ArithmeticError, LookupError, AttributeError, TypeError)
# Ninety times prod's file. PyYAML reads it within seconds; a device without end is left after as much.
LARGEST_BYTES = 256 * 1024


def parse(sections: Mapping[str, Any]) -> StackSettings:
    """Return the settings, or raise `SettingsError` with every problem found.

    `sections` maps section names to plain data. Cross-checks run only on data whose
    fields are all valid: they would otherwise report the same mistake twice.
    """
    try:
        text = json.dumps(dict(sections), default=str)
    except (TypeError, ValueError) as error:
        raise SettingsError([_not_plain_data(error)]) from error
    try:
        settings = StackSettings.model_validate_json(text)
    except ValidationError as error:
        raise SettingsError(from_pydantic(error, StackSettings)) from error
    problems = [problem for check in CHECKS for problem in check(settings)]
    if problems:
        raise SettingsError(problems)
    return settings


def read_stack_file(path: Path) -> StackSettings:
    """Read `Pulumi.<stack>.yaml`; raise `SettingsError` for whatever is wrong with it."""
    return parse(sections_of(read_config(path)))


def read_config(path: Path) -> Mapping[Any, Any]:
    """Return what a stack file has below `config:`; raise `SettingsError` when there is no such mapping."""
    content = read_mapping(path)
    config = content.get("config")
    if not isinstance(config, Mapping):
        raise SettingsError([_file_problem(path, "has no `config` mapping", shown(content))])
    return config


def read_mapping(path: Path) -> Mapping[Any, Any]:
    """Return the mapping that a YAML file holds; raise `SettingsError` when it cannot be read, or holds none.

    Safe for any file: what is too large, too deep or unfolds to too much is refused before it is built.
    """
    try:
        content = yaml.load(_text(path), UniqueKeyLoader)  # noqa: S506 - a safe loader
    except OSError as error:
        raise SettingsError([_unreadable(path, error)]) from error
    except _YAML_FAILURES as error:
        reason = " ".join(str(error).split())
        raise SettingsError([_file_problem(path, f"is not valid YAML: {reason}", "text")]) from error
    if not isinstance(content, Mapping):
        raise SettingsError([_file_problem(path, "is no mapping", shown(content))])
    return content


def sections_of(config: Mapping[Any, Any]) -> dict[str, Any]:
    """Return this project's keys without their prefix, and without the secret ones.

    Keys of other namespaces (`aws:region`) belong to providers and are left to them.
    """
    prefix = f"{PROJECT}:"
    own = {str(key).removeprefix(prefix): value for key, value in config.items() if str(key).startswith(prefix)}
    return {key: value for key, value in own.items() if key not in SECRET_KEYS}


def _not_plain_data(error: Exception) -> Problem:
    what = f"the settings hold something that is not plain data: {error}"
    return Problem("(the file)", what, "other data", "text, numbers, booleans, lists and mappings", "Remove it.")


def _text(path: Path) -> str:
    """Return a file's text, of which no more than the limit is ever in memory."""
    with path.open("rb") as file:
        content = file.read(LARGEST_BYTES + 1)
    if len(content) > LARGEST_BYTES:
        problem = Problem(
            str(path),
            "is too large for a stack file",
            f"more than {LARGEST_BYTES} bytes",
            f"at most {LARGEST_BYTES} bytes",
            "Name the file that you mean.",
        )
        raise SettingsError([problem])
    return content.decode()


def _unreadable(path: Path, error: OSError) -> Problem:
    reason = f"cannot be read: {error.strerror or 'unreadable'}"
    # A name such as `a/b` makes a path through folders that are not there.
    folder = next(parent for parent in path.absolute().parents if parent.is_dir())
    there = sorted(found.name for found in folder.glob("Pulumi.*.yaml"))
    if not isinstance(error, FileNotFoundError) or not there:
        return _file_problem(path, reason, "nothing")
    return Problem(str(path), reason, "nothing", f"a stack that is there: {', '.join(there)}", "Correct the name.")


def _file_problem(path: Path, what: str, got: str) -> Problem:
    allowed = f"a stack file with `config:` and keys `{PROJECT}:<section>`"
    return Problem(str(path), what, got, allowed, "Compare it with Pulumi.dojo.yaml.")
