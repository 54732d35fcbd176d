"""What a stack would deploy, as files that a reviewer can read and compare."""

from pathlib import Path
from typing import Any

from plan.limits import checked_plan
from render.files import render
from render.names import TEMPO_OVERRIDES_FILE
from render.text import to_json
from settings.loader import read_stack_file
from snapshot.program import record_program, stack_config
from snapshot.recorder import Recorder


def snapshot_files(path: Path, stack: str) -> dict[str, str]:
    """Return the text of every file by name; raise `SettingsError` or `pulumi.RunError` for a refused stack."""
    settings = read_stack_file(path)
    rendered = render(settings, checked_plan(settings))
    recorder = record_program(stack_config(path), stack)
    overrides = {TEMPO_OVERRIDES_FILE: rendered.tempo_overrides} if rendered.tempo_overrides else {}
    return {
        "tempo.yaml": rendered.tempo,
        **overrides,
        "collector-agent.yaml": rendered.agent,
        "collector-gateway.yaml": rendered.gateway,
        "resources.json": to_json(resources(recorder)),
    }


def resources(recorder: Recorder) -> list[dict[str, Any]]:
    """Return every resource as `{type, name, parent, inputs}`, sorted by type and name."""
    names = {found.urn: f"{found.type}::{found.name}" for found in recorder.registrations}
    listed = [
        {"type": found.type, "name": found.name, "parent": names.get(found.parent), "inputs": found.inputs}
        for found in recorder.registrations
    ]
    return sorted(listed, key=lambda resource: (str(resource["type"]), str(resource["name"])))
