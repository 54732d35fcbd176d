"""What the provider adds to a program's inputs, and what others changed of what was applied."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from lab.emulated.aws.resource import Kind, with_value
from lab.emulated.plugin import ProviderError, Urn
from lab.emulated.values import UNKNOWN, Json, Path, Properties

# As the real plugin does: which inputs were filled in here. The engine shows no name that begins like this.
_FILLED_IN = "__defaults"
# As many random characters as the real plugin adds to a name.
_SUFFIX = 7
# The stand-in honours the first two; the others are about credentials, of which it has none.
_SETTINGS = {
    "defaultTags",
    "region",
    "profile",
    "skipCredentialsValidation",
    "skipMetadataApiCheck",
    "skipRegionValidation",
    "skipRequestingAccountId",
}
# The engine's own, beside the provider's.
_ENGINES_OWN = ("__", "version", "pluginDownloadURL")


def refuse_settings(config: Json) -> None:
    """Raise `ProviderError` for a setting of the provider that would silently have no effect."""
    wrong = sorted(name for name in config if name not in _SETTINGS and not name.startswith(_ENGINES_OWN))
    if wrong:
        raise ProviderError(f"The stand-in of pulumi_aws has no {', '.join(wrong)}: install the real plugin.")


def region(config: Json, environment: Mapping[str, str]) -> str:
    """Return the region of every resource that names none. Raise `ProviderError` when there is none."""
    found = config.get("region") or environment.get("AWS_REGION") or environment.get("AWS_DEFAULT_REGION")
    if not found:
        raise ProviderError("There is no region: set aws:region, or AWS_REGION in the environment.")
    return str(found)


def default_tags(config: Json) -> Json:
    """Return the tags of every resource, which arrive as text."""
    given = config.get("defaultTags") or {}
    tags: Json = (json.loads(given) if isinstance(given, str) else given).get("tags") or {}
    return tags


def refuse_unknown(kind: Kind, urn: Urn, new: Properties) -> None:
    """Raise `ProviderError` for an input that would silently have no effect."""
    if unknown := sorted(new.values.keys() - {*kind.inputs}):
        raise ProviderError(
            f"The stand-in of pulumi_aws knows no {', '.join(unknown)} of {urn.type}, only "
            f"{', '.join(kind.inputs)}: leave it out, or install the real plugin."
        )


def complete(kind: Kind, new: Properties, name: str, tags: Json) -> Properties:
    """Give a resource its defaults, all its tags, and this name unless it has one."""
    filled = {**kind.defaults, **({kind.name: name} if kind.name else {})}
    filled = {key: value for key, value in filled.items() if key not in new.values}
    values, secrets = {**filled, **new.values}, new.secrets
    if kind.tagged:
        own = new.values.get("tags", {})
        values["tagsAll"] = UNKNOWN if own == UNKNOWN else tags | own
        secrets |= {("tagsAll", *path[1:]) for path in secrets if path[0] == "tags"}
    return Properties({**values, _FILLED_IN: sorted(filled)}, secrets)


def made_up_name(kind: Kind, urn: Urn, old: Properties | None, seed: bytes) -> str:
    """Return the name that was made up for this resource before, or a new one."""
    if old and kind.name in old.values.get(_FILLED_IN, ()):
        return str(old.values[kind.name])
    return f"{kind.name_prefix}{urn.name}-{hashlib.sha256(seed).hexdigest()[:_SUFFIX]}"


def name_is_taken(kind: Kind, old: Json, new: Json) -> bool:
    """Say whether a replacement would have the old one's name, which the program chose."""
    return (
        bool(kind.name) and old.get(kind.name) == new.get(kind.name) and kind.name not in new.get(_FILLED_IN, ())
    )


def without_notes(values: Json) -> Json:
    """Return the properties without what is noted about them."""
    return {name: value for name, value in values.items() if name != _FILLED_IN}


def whole(secrets: frozenset[Path]) -> frozenset[Path]:
    """Hide the whole property that holds a secret: the API may order its parts in its own way."""
    return frozenset(path[:1] for path in secrets)


def drifted(kind: Kind, inputs: Properties, live: Json, tags: Json) -> Properties:
    """Return the inputs that describe the live resource: the old ones wherever they still mean the same.

    `tags` are the provider's own. Without old inputs, as in an import, everything that is live and an input.
    """
    given = inputs.values
    now: dict[str, Any] = {
        name: live[name] if name in live and not kind.same(name, value, live[name]) else value
        for name, value in given.items()
    }
    if not given:
        # The engine checks them as a program's: what is only computed it would be refused.
        now = with_value(**{name: live[name] for name in kind.inputs if name in live})
    own = {key: text for key, text in live.get("tagsAll", {}).items() if tags.get(key) != text}
    if kind.tagged and "tagsAll" in live and not kind.same("tags", _effective(given, tags), own):
        now["tags"] = own
    return Properties(now, inputs.secrets if now == given else whole(inputs.secrets))


def _effective(given: Json, tags: Json) -> Json:
    """Return the program's tags without those that say what the provider's own say."""
    return {key: text for key, text in given.get("tags", {}).items() if tags.get(key) != text}
