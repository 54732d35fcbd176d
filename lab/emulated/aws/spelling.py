"""Names and documents in Pulumi's spelling and in the API's, and when two values mean the same."""

import json
from typing import Any

from lab.emulated.values import Json

# Where the API's name is not Pulumi's with a capital letter.
_API_NAMES = {"id": "ID", "kmsMasterKeyId": "KMSMasterKeyID", "sseAlgorithm": "SSEAlgorithm"}
_PULUMI_NAMES = {there: here for here, there in _API_NAMES.items()}


def to_api(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return the value with every name at any depth in the API's spelling."""
    if isinstance(value, dict):
        return {_API_NAMES.get(key, key[:1].upper() + key[1:]): to_api(inner) for key, inner in value.items()}
    return [to_api(inner) for inner in value] if isinstance(value, list) else value


def from_api(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return the value with every name at any depth in Pulumi's spelling."""
    if isinstance(value, dict):
        return {_PULUMI_NAMES.get(key, key[:1].lower() + key[1:]): from_api(inner) for key, inner in value.items()}
    return [from_api(inner) for inner in value] if isinstance(value, list) else value


def tag_list(tags: Json, key: str = "Key", value: str = "Value") -> list[Json]:
    """Return tags in the form that most services take."""
    return [{key: name, value: text} for name, text in sorted(tags.items())]


def tag_map(tags: list[Json], key: str = "Key", value: str = "Value") -> Json:
    """Return tags in Pulumi's form."""
    return {tag[key]: tag[value] for tag in tags}


def essence(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return the value without absent, empty and false settings, which mean the same to AWS."""
    if isinstance(value, dict):
        return {key: kept for key, inner in value.items() if (kept := essence(inner))}
    return [essence(inner) for inner in value] if isinstance(value, list) else value or None


def document(text: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return the meaning of a policy document, whatever its layout; other text is returned unchanged."""
    try:
        return _meaning(json.loads(text))
    except (TypeError, ValueError):
        return text


def last_part(arn: Any) -> str:  # noqa: ANN401 - an input may be unknown
    """Return the id at the end of an ARN; an id is returned unchanged."""
    return str(arn).rpartition("/")[2]


def _meaning(value: Any) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(value, dict):
        return {key: _meaning(inner) for key, inner in value.items()}
    if isinstance(value, list):
        # In a policy one item means the same with and without a list, and actions have no order.
        items = [_meaning(inner) for inner in value]
        return items[0] if len(items) == 1 else sorted(items, key=json.dumps)
    # Nor do the types of scalars matter: `false` is "false".
    return str(value).lower() if isinstance(value, bool) else str(value)
