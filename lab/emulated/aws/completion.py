"""What the provider adds to a program's inputs, and what others changed of what was applied."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from lab.emulated.aws.resource import Kind, with_value
from lab.emulated.plugin import ProviderError, Urn
from lab.emulated.values import UNKNOWN, Json, Properties

# As many random characters as the real plugin adds to a name.
_SUFFIX_LENGTH = 7
# A profile has no effect either, but only chooses credentials, which the endpoint does not check.
_SETTINGS = {"allowedAccountIds", "assumeRoles", "defaultTags", "region", "profile"}
# The parameters of a role to assume, by their names in Pulumi.
_ROLE = {"roleArn": "RoleArn", "sessionName": "RoleSessionName"}
# The engine's own settings, and those that skip checks of credentials, such as `skipCredentialsValidation`.
_OTHER_SETTINGS = ("__", "version", "pluginDownloadURL", "skip")


def refuse_settings(config: Json) -> None:
    """Raise `ProviderError` for a setting of the provider that would silently have no effect."""
    wrong = sorted(name for name in config if name not in _SETTINGS and not name.startswith(_OTHER_SETTINGS))
    if wrong:
        raise ProviderError(f"The emulated aws plugin has no setting {', '.join(wrong)}: install the real plugin.")


def region(config: Json, environment: Mapping[str, str]) -> str:
    """Return the region of all resources. Raise `ProviderError` when there is none."""
    found = config.get("region") or environment.get("AWS_REGION") or environment.get("AWS_DEFAULT_REGION")
    if not found:
        raise ProviderError("There is no region: set aws:region, or AWS_REGION in the environment.")
    return str(found)


def default_tags(config: Json) -> Json:
    """Return the tags of all resources."""
    tags: Json = (_structured(config, "defaultTags") or {}).get("tags") or {}
    return tags


def allowed_accounts(config: Json) -> list[str]:
    """Return the only accounts that may be used; empty for any."""
    return list(_structured(config, "allowedAccountIds") or [])


def assumed_roles(config: Json) -> list[Json]:
    """Return the roles to assume one after the other, as the parameters of STS's `AssumeRole`.

    Raise `ProviderError` for a parameter that would have no effect.
    """
    roles: list[Json] = _structured(config, "assumeRoles") or []
    if other := sorted({name for role in roles for name in role} - {*_ROLE}):
        raise ProviderError(
            f"The emulated aws plugin has no {', '.join(other)} of assumeRoles: install the real plugin."
        )
    return [{_ROLE[name]: value for name, value in role.items()} for role in roles]


def _structured(config: Json, name: str) -> Any:  # noqa: ANN401 - any JSON
    """Return a setting that is no text, but arrives as text."""
    given = config.get(name)
    return json.loads(given) if isinstance(given, str) else given


def complete(kind: Kind, new: Properties, name: str, tags: Json) -> Properties:
    """Return the inputs with the type's defaults, all tags, and this name unless the program gives one."""
    named = {kind.name: name} if kind.name else {}
    values, secrets = {**kind.defaults, **named, **new.values}, new.secrets
    if kind.tagged:
        own = new.values.get("tags", {})
        values["tagsAll"] = UNKNOWN if own == UNKNOWN else tags | own
        if "tags" in secrets:
            secrets |= {"tagsAll"}
    return Properties(values, secrets)


def generated_name(kind: Kind, urn: Urn, old: Properties | None, seed: bytes) -> str:
    """Return the name that the resource has, or a new one."""
    if old and kind.name in old.values:
        return str(old.values[kind.name])
    return f"{kind.name_prefix}{urn.name}-{hashlib.sha256(seed).hexdigest()[:_SUFFIX_LENGTH]}"


def drifted(kind: Kind, inputs: Properties, live: Json, tags: Json) -> Properties:
    """Return the inputs that describe the live resource: the old ones wherever they still mean the same.

    `tags` are the provider's own. Without old inputs, as in an import, return every live property that is an
    input: the engine validates them as a program's, so computed outputs would be refused.
    """
    given = inputs.values
    now = {
        name: live[name] if name in live and not kind.same(name, value, live[name]) else value
        for name, value in given.items()
    } or with_value(**{name: live[name] for name in kind.inputs if name in live})
    if "tagsAll" in live:
        own = _without(tags, live["tagsAll"])
        if not kind.same("tags", _without(tags, given.get("tags", {})), own):
            now["tags"] = own
    return Properties(now, inputs.secrets)


def _without(provider_tags: Json, tags: Json) -> Json:
    """Return the tags that the provider does not add by itself."""
    return {key: text for key, text in tags.items() if provider_tags.get(key) != text}
