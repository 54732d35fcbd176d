"""Read settings and plan from the engine's configuration."""

import json
from typing import Any

import pulumi
from pulumi.runtime.config import get_config_env

from plan.limits import checked_plan
from plan.plan import Plan
from settings.images import Image
from settings.loader import parse_config
from settings.problems import SettingsError
from settings.project import PROJECT
from settings.stack import StackSettings


def load() -> tuple[StackSettings, Plan]:
    """Return this stack's settings and plan; raise `pulumi.RunError`, which prints without a traceback.

    Reads all keys at once instead of one by one through `pulumi.Config`: a misspelled section is then an unknown
    key, not a silent default.
    """
    config = {
        key: _plain(value) if key.startswith(f"{PROJECT}:") else value for key, value in get_config_env().items()
    }
    try:
        settings = parse_config(config)
        return settings, checked_plan(settings)
    except SettingsError as error:
        raise pulumi.RunError(f"Pulumi.{pulumi.get_stack()}.yaml is refused:\n{error}") from None


def secret_setting(name: str) -> pulumi.Output[str]:
    """Return a secret configuration value, or raise `pulumi.RunError` with the command that sets it."""
    value = pulumi.Config(PROJECT).get_secret(name)
    if value is None:
        raise pulumi.RunError(
            f"{PROJECT}:{name} is not set, and the object store needs it. "
            f"Set it with: pulumi config set --secret {PROJECT}:{name}"
        )
    return value


def image_setting(name: str, image: Image | None, mirror: str | None) -> str:
    """Return the reference of `images.<name>`, on the mirror if there is one.

    Raise `pulumi.RunError` if the stack file has no such image. The settings' checks refuse such a stack earlier;
    without this error it would be deployed in another shape.
    """
    if image is None:
        raise pulumi.RunError(
            f"images.{name} is not set, and this stack runs it. "
            f"Add its repository and tag to Pulumi.{pulumi.get_stack()}.yaml."
        )
    return image.reference(mirror)


def _plain(value: object) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Decode a structured value, which the engine passes as JSON; return plain text unchanged."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value
