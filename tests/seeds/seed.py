"""A seeded misconfiguration: one change of a committed stack, and the rule that has to refuse it."""

import copy
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

Inputs = dict[str, Any]
# Changes a resource's inputs in place; they are plain data in camelCase.
Edit = Callable[[Inputs], None]


@dataclass(frozen=True)
class Added:
    """A resource that the stack does not have otherwise; its provider is that of the resource named `like`."""

    type: str
    name: str
    inputs: Inputs
    like: str


@dataclass(frozen=True, kw_only=True)
class Seed:
    """One way to break a stack.

    - `name`: what is wrong, as a clause: `the bucket policy lets plain HTTP pass`.
    - `rule`, `resource`, `says`: the rule that refuses it, the logical name of the resource that is blamed ('' for
      the stack), and a part of the sentence.
    - one of: `settings` (dotted settings changed, as in `tests.support.stacks.sections`), `edits` (by the logical
      name of the resource), `removed` (logical names), `added`.
    """

    name: str
    rule: str
    resource: str
    says: str
    stack: str = "prod"
    settings: Mapping[str, Any] = field(default_factory=dict)
    edits: Mapping[str, Edit] = field(default_factory=dict)
    removed: tuple[str, ...] = ()
    added: tuple[Added, ...] = ()


def put(path: str, value: object) -> Edit:
    """Return an edit that sets `spec.template.spec.containers.0.image`; a number is the index of a list."""
    return at(path, lambda _: copy.deepcopy(value))


def drop(path: str) -> Edit:
    """Return an edit that removes a property, or the item of a list."""

    def edit(inputs: Inputs) -> None:
        parent, key = _parent(inputs, path)
        del parent[key]

    return edit


def at(path: str, change: Callable[[Any], Any]) -> Edit:
    """Return an edit that replaces a property by what the function makes of it; a missing one is None."""

    def edit(inputs: Inputs) -> None:
        parent, key = _parent(inputs, path)
        parent[key] = change(parent.get(key) if isinstance(parent, dict) else parent[key])

    return edit


def in_yaml(path: str, edit: Edit) -> Edit:
    """Return an edit of the YAML document in a text, `data.config.yaml` as `data/config.yaml`.

    The path is separated by slashes, because the names of files contain dots.
    """

    def change(inputs: Inputs) -> None:
        *parents, name = path.split("/")
        target: Any = inputs
        for parent in parents:
            target = target[parent]
        document = yaml.safe_load(target[name])
        edit(document)
        target[name] = yaml.safe_dump(document, sort_keys=False)

    return change


def both(*edits: Edit) -> Edit:
    """Return an edit that makes several, in their order."""

    def edit(inputs: Inputs) -> None:
        for each in edits:
            each(inputs)

    return edit


def _parent(inputs: Inputs, path: str) -> tuple[Any, Any]:
    """Return what contains the property of a path, and its key; missing mappings on the way are added."""
    *parents, last = _keys(path)
    target: Any = inputs
    for key in parents:
        target = target.setdefault(key, {}) if isinstance(target, dict) else target[key]
    return target, last


def _keys(path: str) -> Iterator[str | int]:
    yield from (int(key) if key.isdigit() else key for key in path.split("."))
