"""Build `StackSettings` from a stack file or from the engine's configuration.

Both go through `parse_config`, so the program accepts every file that `python -m cli check` accepts. Only
`read_mapping` reads files.
"""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from settings.checks import CHECKS
from settings.problems import Problem, SettingsError, from_pydantic, shown
from settings.project import PROJECT
from settings.provider_keys import ignored_provider_keys
from settings.stack import SECRET_KEYS, StackSettings
from settings.unique_keys import UniqueKeyLoader

# PyYAML raises its own errors and, for a value that does not fit an explicit tag (`!!int ""`, `!!bool x`,
# `!!timestamp x`), whatever the conversion raised.
_YAML_FAILURES = (yaml.YAMLError, ValueError, ArithmeticError, LookupError, AttributeError, TypeError)
# Ninety times the size of prod's file. PyYAML reads that within seconds, and it bounds an endless device.
LARGEST_BYTES = 256 * 1024


def parse(sections: Mapping[str, Any]) -> StackSettings:
    """Return the settings, or raise `SettingsError` with every problem found.

    `sections` maps section names to plain data. Cross-checks run only if every field is valid: otherwise
    they would report the same mistake twice.
    """
    return parse_config({f"{PROJECT}:{name}": section for name, section in sections.items()})


def parse_config(config: Mapping[Any, Any]) -> StackSettings:
    """Return the settings in what a stack file has below `config:`, or raise `SettingsError` as `parse` does.

    Keys of the AWS provider that would have no effect are problems, too.
    """
    try:
        text = json.dumps(sections_of(config), default=str)
    except (TypeError, ValueError) as error:
        raise SettingsError([_not_plain_data(error)]) from error
    try:
        settings = StackSettings.model_validate_json(text)
    except ValidationError as error:
        raise SettingsError(from_pydantic(error, StackSettings)) from error
    problems = [problem for check in CHECKS for problem in check(settings)]
    if problems := [*problems, *ignored_provider_keys(config, settings)]:
        raise SettingsError(problems)
    return settings


def read_stack_file(path: Path, adapt: Callable[[Mapping[Any, Any]], Mapping[Any, Any]] = dict) -> StackSettings:
    """Read `Pulumi.<stack>.yaml`; raise `SettingsError` with everything that is wrong.

    `adapt` changes what is below `config:` before it is checked.
    """
    return parse_config(adapt(read_config(path)))


def read_config(path: Path) -> Mapping[Any, Any]:
    """Return the mapping below `config:` in a stack file; raise `SettingsError` if there is none."""
    content = read_mapping(path)
    config = content.get("config")
    if not isinstance(config, Mapping):
        raise SettingsError([_file_problem(path, "has no `config` mapping", shown(content))])
    return config


def read_mapping(path: Path) -> Mapping[Any, Any]:
    """Return the mapping in a YAML file; raise `SettingsError` if the file is unreadable or holds no mapping.

    Safe for untrusted files: one that is too large, too deep or expands too far is refused before it is built.
    """
    try:
        content = yaml.load(_text(path), UniqueKeyLoader)  # noqa: S506 - a safe loader
    except OSError as error:
        raise SettingsError([_unreadable(path, error)]) from error
    except _YAML_FAILURES as error:
        reason = " ".join(str(error).split())
        raise SettingsError([_file_problem(path, f"is not valid YAML: {reason}", "text")]) from error
    if not isinstance(content, Mapping):
        raise SettingsError([_file_problem(path, "is not a mapping", shown(content))])
    return content


def sections_of(config: Mapping[Any, Any]) -> dict[str, Any]:
    """Return this project's keys, without their prefix and without the secrets.

    Keys with another prefix (`aws:region`) belong to providers.
    """
    prefix = f"{PROJECT}:"
    own = {str(key).removeprefix(prefix): value for key, value in config.items() if str(key).startswith(prefix)}
    return {key: value for key, value in own.items() if key not in SECRET_KEYS}


def _not_plain_data(error: Exception) -> Problem:
    what = f"contains a value that is not plain data: {error}"
    return Problem("(the file)", what, "other data", "text, numbers, booleans, lists and mappings", "Remove it.")


def _text(path: Path) -> str:
    """Return a file's text, reading at most `LARGEST_BYTES`."""
    with path.open("rb") as file:
        content = file.read(LARGEST_BYTES + 1)
    if len(content) > LARGEST_BYTES:
        problem = Problem(
            str(path),
            "is too large for a stack file",
            f"more than {LARGEST_BYTES} bytes",
            f"at most {LARGEST_BYTES} bytes",
            "Check the path.",
        )
        raise SettingsError([problem])
    return content.decode()


def _unreadable(path: Path, error: OSError) -> Problem:
    reason = f"cannot be read: {error.strerror or 'unreadable'}"
    # A stack named `a/b` gives a path through folders that do not exist.
    folder = next(parent for parent in path.absolute().parents if parent.is_dir())
    existing = sorted(found.name for found in folder.glob("Pulumi.*.yaml"))
    if not isinstance(error, FileNotFoundError) or not existing:
        return Problem(
            str(path), reason, "nothing", "a readable stack file", "Correct the path or the file's mode."
        )
    return Problem(str(path), reason, "nothing", f"one of {', '.join(existing)}", "Correct the name.")


def _file_problem(path: Path, what: str, got: str) -> Problem:
    allowed = f"a stack file with `config:` and keys `{PROJECT}:<section>`"
    return Problem(str(path), what, got, allowed, "Compare it with Pulumi.dojo.yaml.")
