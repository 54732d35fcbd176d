"""From a stack file, or from the engine's configuration, to `StackSettings`.

Both ways lead through `parse`, so a file that `python -m settings check` accepts is
a file that the program accepts. Only `read_stack_file` reads anything.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from settings.checks import CHECKS
from settings.problems import Problem, SettingsError, from_pydantic, shown
from settings.stack import SECRET_KEYS, StackSettings
from settings.unique_keys import UniqueKeyLoader

PROJECT = "fawkes-tracing"
# What PyYAML raises for a text it cannot build: beside its own errors, a value that does not fit an
# explicit tag (`!!int ""`, `!!bool x`, `!!timestamp x`) ends in whatever the conversion raised.
_YAML_FAILURES = (yaml.YAMLError, ValueError, LookupError, AttributeError, TypeError, RecursionError)


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
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), UniqueKeyLoader)  # noqa: S506 - a safe loader
    except OSError as error:
        reason = error.strerror or "unreadable"
        raise SettingsError([_file_problem(path, f"cannot be read: {reason}", "nothing")]) from error
    except _YAML_FAILURES as error:
        reason = " ".join(str(error).split())
        raise SettingsError([_file_problem(path, f"is not valid YAML: {reason}", "text")]) from error
    config = content.get("config") if isinstance(content, Mapping) else None
    if not isinstance(config, Mapping):
        raise SettingsError([_file_problem(path, "has no `config` mapping", shown(content))])
    return parse(sections_of(config))


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


def _file_problem(path: Path, what: str, got: str) -> Problem:
    allowed = f"a stack file with `config:` and keys `{PROJECT}:<section>`"
    return Problem(str(path), what, got, allowed, "Compare it with Pulumi.dojo.yaml.")
