"""The settings that a stack file declares, for rules that compare them with what is deployed."""

import json
from typing import Any

from policies.resources import Stack
from policies.unjudged import UnjudgedError
from settings.loader import parse_config
from settings.problems import SettingsError
from settings.stack import StackSettings


def declared_settings(stack: Stack) -> StackSettings:
    """Return the settings of a stack; UnjudgedError if its configuration is not valid."""
    try:
        return parse_config({name: _plain(value) for name, value in stack.configuration.items()})
    except SettingsError:
        raise UnjudgedError("the stack's configuration is not valid") from None


def _plain(value: object) -> Any:  # noqa: ANN401 - any JSON
    """Return a section as data; the engine passes it as a text of JSON."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value
