"""The JSON Schema of a stack file, for editors: completion, descriptions, validation.

It describes the types and bounds of single fields; only `settings/checks/` checks rules between fields.
"""

import json
from typing import Any

from settings.project import PROJECT
from settings.stack import SECRET_KEYS, StackSettings


def stack_file_schema() -> dict[str, Any]:
    """Return the schema of a whole `Pulumi.<stack>.yaml`."""
    model = StackSettings.model_json_schema()
    sections = {f"{PROJECT}:{name}": part for name, part in model["properties"].items()}
    secrets = {
        f"{PROJECT}:{name}": {
            "type": "object",
            "properties": {"secure": {"type": "string"}},
            "required": ["secure"],
        }
        for name in sorted(SECRET_KEYS)
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"A stack of {PROJECT}",
        "type": "object",
        "required": ["config"],
        "properties": {
            "config": {
                "type": "object",
                "required": [f"{PROJECT}:{name}" for name in model["required"]],
                "properties": sections | secrets,
                # Keys of providers (`aws:region`) are not described here; unknown keys of ours are refused.
                "patternProperties": {f"^(?!{PROJECT}:)": {}},
                "additionalProperties": False,
            }
        },
        "$defs": model["$defs"],
    }


def schema_text() -> str:
    """Return the schema as committed in schemas/."""
    return json.dumps(stack_file_schema(), indent=2, ensure_ascii=False) + "\n"
