"""Names and documents: Pulumi's spelling, the API's, and when two values mean the same."""

import json
from typing import Any

from lab.emulated.values import Json

# Where the API's name is not Pulumi's with a capital letter.
_API_NAMES = {
    "id": "ID",
    "kmsMasterKeyId": "KMSMasterKeyID",
    "mfaDelete": "MFADelete",
    "sseAlgorithm": "SSEAlgorithm",
}
_PULUMI_NAMES = {there: here for here, there in _API_NAMES.items()}


def to_api(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """Spell every name below as the API does; a map of tags becomes a list."""
    if isinstance(value, dict):
        named = {_API_NAMES.get(key, key[:1].upper() + key[1:]): inner for key, inner in value.items()}
        return {
            key: tag_list(inner) if _is_tags(key, inner, dict) else to_api(inner) for key, inner in named.items()
        }
    return [to_api(inner) for inner in value] if isinstance(value, list) else value


def from_api(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """Spell every name below as Pulumi does; a list of tags becomes a map."""
    if isinstance(value, dict):
        return {
            _PULUMI_NAMES.get(key, key[:1].lower() + key[1:]): tag_map(inner)
            if _is_tags(key, inner, list)
            else from_api(inner)
            for key, inner in value.items()
        }
    return [from_api(inner) for inner in value] if isinstance(value, list) else value


def tag_list(tags: Json, key: str = "Key", value: str = "Value") -> list[Json]:
    """Return tags as most services take them."""
    return [{key: name, value: text} for name, text in sorted(tags.items())]


def tag_map(tags: list[Json], key: str = "Key", value: str = "Value") -> Json:
    """Return tags as Pulumi has them."""
    return {tag[key]: tag[value] for tag in tags}


def essence(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return what is said: to AWS a setting that is absent, empty or off is the same."""
    if isinstance(value, dict):
        return {key: said for key, inner in value.items() if (said := essence(inner))}
    return [essence(inner) for inner in value] if isinstance(value, list) else value or None


def document(text: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return what a policy says, whatever its layout; text that is no JSON stays as it is."""
    try:
        return _meaning(json.loads(text))
    except (TypeError, ValueError):
        return text


def last_part(arn: Any) -> Any:  # noqa: ANN401 - an input may be unknown
    """Return the id at the end of an ARN; an id stays as it is."""
    return str(arn).rpartition("/")[2]


def _meaning(value: Any) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(value, dict):
        return {key: _meaning(inner) for key, inner in value.items()}
    if isinstance(value, list):
        # In a policy one item is the same with and without a list, and actions have no order.
        items = [_meaning(inner) for inner in value]
        return items[0] if len(items) == 1 else sorted(items, key=json.dumps)
    # Nor do the types of scalars matter: `false` is "false".
    return str(value).lower() if isinstance(value, bool) else str(value)


def _is_tags(key: str, value: object, kind: type) -> bool:
    return key == "Tags" and isinstance(value, kind)
