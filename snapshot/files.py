"""Files of a stack that a reviewer can read and compare: the rendered configuration and every resource."""

import contextlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from plan.limits import checked_plan
from render.files import render
from render.text import to_json
from settings.loader import read_stack_file
from snapshot.program import record_program, stack_config
from snapshot.recorder import Registration


def snapshot_files(path: Path, stack: str) -> dict[str, str]:
    """Return the text of every file by name; raise `SettingsError` or `pulumi.RunError` for a refused stack."""
    settings = read_stack_file(path)
    found = render(settings, checked_plan(settings))
    rendered = found.files()
    recorder = record_program(stack_config(path), stack)
    # The program of the synthetic check is in the repository as it is in its ConfigMap.
    sources = {f"synthetic/{name}": text for name, text in found.synthetic_check.items() if name.endswith(".py")}
    return rendered | {"resources.json": to_json(resources(recorder.registrations, sources | rendered))}


def resources(registrations: Sequence[Registration], files: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return every resource, sorted by type and name, with the options that a reviewer must not miss.

    Parent and dependencies are given as `type::name`. Long texts are shown so that a change reads well: the
    contents of a rendered file as its name, JSON as data, other texts line by line.
    """
    names = {found.urn: f"{found.type}::{found.name}" for found in registrations}
    by_text = {text: name for name, text in files.items()}
    # A rule file is the specification of its object, as data.
    by_text |= {_sorted(yaml.safe_load(text)): name for name, text in files.items() if name.startswith("rules-")}
    listed = [_resource(found, names, by_text) for found in registrations]
    return sorted(listed, key=lambda resource: (str(resource["type"]), str(resource["name"])))


def _resource(found: Registration, names: Mapping[str, str], by_text: Mapping[str, str]) -> dict[str, Any]:
    options: dict[str, Any] = {}
    if found.protect:
        options["protect"] = True
    if found.retain_on_delete:
        options["retain_on_delete"] = True
    if found.timeouts:
        options["timeouts"] = found.timeouts
    if found.dependencies:
        options["depends_on"] = sorted(names[urn] for urn in found.dependencies)
    return {
        "type": found.type,
        "name": found.name,
        "parent": names.get(found.parent),
        **options,
        "inputs": _readable(found.inputs, by_text),
    }


def _sorted(value: Any) -> str:  # noqa: ANN401 - any JSON
    """Return the data as text; the engine may order keys otherwise than the file."""
    return json.dumps(value, sort_keys=True)


def _readable(value: Any, by_text: Mapping[str, str]) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(value, dict):
        name = by_text.get(_sorted(value))
        return {"contents of": name} if name else {key: _readable(inner, by_text) for key, inner in value.items()}
    if isinstance(value, list):
        return [_readable(inner, by_text) for inner in value]
    if not isinstance(value, str):
        return value
    if value in by_text:
        return {"contents of": by_text[value]}
    if value.startswith(("{", "[{")):
        # A template may begin like JSON.
        with contextlib.suppress(json.JSONDecodeError):
            return {"JSON": json.loads(value)}
    return {"lines": value.splitlines()} if "\n" in value else value
