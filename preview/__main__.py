"""`python -m preview STACK --out DIR`: write every rendered text and every resource of a stack to files."""

import argparse
import sys
from pathlib import Path
from typing import Any

import pulumi

from plan.limits import checked_plan
from preview.program import REPO, record_program, stack_config
from preview.recorder import Recorder
from render.files import render
from render.names import TEMPO_OVERRIDES_FILE
from render.text import to_json
from settings.command import run
from settings.loader import read_stack_file
from settings.problems import SettingsError


def main(arguments: list[str] | None = None) -> int:
    """Write the files; return 0, or 1 when the stack file is refused or a file cannot be written."""
    parser = argparse.ArgumentParser(prog="python -m preview", description=__doc__)
    parser.add_argument("stack", help="prod, staging, dojo, or a name of your own: Pulumi.<stack>.yaml is read")
    parser.add_argument("--out", type=_folder, required=True, help="folder that receives the files")
    parsed = parser.parse_args(arguments)
    path = REPO / f"Pulumi.{parsed.stack}.yaml"
    try:
        files = preview_files(path, parsed.stack)
    except (SettingsError, pulumi.RunError) as error:
        print(error, file=sys.stderr)
        return 1
    for name, text in files.items():
        print(_written(parsed.out / name, text))
    return 0


def _folder(named: str) -> Path:
    """Return a folder's path; nothing at all would be the folder that this happens to run in."""
    if not named.strip():
        raise argparse.ArgumentTypeError("it is empty; name the folder that receives the files")
    return Path(named)


def _written(file: Path, text: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def preview_files(path: Path, stack: str) -> dict[str, str]:
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


if __name__ == "__main__":
    sys.exit(run(main))
