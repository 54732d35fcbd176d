"""Find the settings, files and folders that a document names."""

import re
from collections.abc import Iterator

from pydantic import BaseModel

from settings.stack import StackSettings

_FILE_ENDINGS = "py|yaml|md|json|toml|txt|lock"
_QUOTED = re.compile(r"`([^`\n]+)`")


def quoted(text: str) -> set[str]:
    """Return the strings between single backticks, each within one line."""
    return set(_QUOTED.findall(text))


def named_files(text: str) -> set[str]:
    """Return the quoted names of files that have a folder before them."""
    return {name for name in quoted(text) if re.fullmatch(rf"[\w.][\w.-]*/[\w./-]+\.({_FILE_ENDINGS})", name)}


def named_folders(text: str) -> set[str]:
    """Return the quoted names that end with a slash."""
    return {name for name in quoted(text) if re.fullmatch(r"[\w.][\w./-]*/", name)}


def named_settings(text: str) -> set[str]:
    """Return the quoted dotted names that begin with a section of a stack file."""
    names = {name for name in quoted(text) if re.fullmatch(r"[a-z0-9_]+(\.[a-z0-9_]+)+", name)}
    files = {name for name in names if re.search(rf"\.({_FILE_ENDINGS})$", name)}
    return {name for name in names - files if name.partition(".")[0] in StackSettings.model_fields}


def setting_exists(path: str) -> bool:
    """Return whether a dotted path leads to a field of the settings."""
    models: list[type[BaseModel]] = [StackSettings]
    for name in path.split("."):
        fields = [model.model_fields[name] for model in models if name in model.model_fields]
        if not fields:
            return False
        models = [model for field in fields for model in _models_in(field.annotation)]
    return True


def leaves(model: type[BaseModel], path: str = "") -> Iterator[str]:
    """Yield the dotted path of every setting of a model that is not a section."""
    for name, field in model.model_fields.items():
        nested = list(_models_in(field.annotation))
        for part in nested:
            yield from leaves(part, f"{path}{name}.")
        if not nested:
            yield f"{path}{name}"


def _models_in(annotation: object) -> Iterator[type[BaseModel]]:
    """Yield the models in `Model` or `Model | None`."""
    for candidate in (annotation, *getattr(annotation, "__args__", ())):
        if isinstance(candidate, type) and issubclass(candidate, BaseModel):
            yield candidate
