"""JSON Schemas of Grafana's datasources, recorded from what their plugins publish.

    git clone https://github.com/grafana/dsconfig
    .venv/bin/python -m tests.support.datasource_schemas dsconfig/.git 39f14d8a16ed

writes tests/data/datasource-schemas.json. For each plugin `settings.gen.json` is a JSON Schema already. In that of
Tempo nested objects have no keys; `dsconfig.json` states them in sentences, as ``Shape: `{ search?: boolean }` ``.
Titles and descriptions are left out, and unknown keys are refused.
"""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from settings.project import REPO

RECORDED = REPO / "tests" / "data" / "datasource-schemas.json"
PLUGINS = ("tempo", "prometheus", "loki", "grafana-opensearch-datasource")
_KEPT = ("type", "properties", "items", "required", "enum", "pattern")
# What every datasource has in a provisioning file, whatever its plugin (Grafana's page on provisioning).
_OF_ALL = {
    "name": {"type": "string"},
    "type": {"type": "string"},
    "uid": {"type": "string", "pattern": "^[a-zA-Z0-9_-]{1,40}$"},
    "access": {"enum": ["proxy"]},
    "editable": {"type": "boolean"},
}
_SHAPE = re.compile(r"Shape: `([^`]+)`")
_FILTER = re.compile(r"Each filter is `([^`]+)`")
_TOKEN = re.compile(r"'[^']*'|\w+|[{}<>\[\]?:,|]")

Schema = dict[str, Any]


def schemas() -> dict[str, Schema]:
    """Return the recorded schema of each plugin by its id."""
    found: dict[str, Schema] = json.loads(RECORDED.read_text(encoding="utf-8"))["plugins"]
    return found


def main(repository: str, commit: str) -> None:
    """Read the plugins' schemas at a commit and write them."""
    full = _git(repository, "rev-parse", commit).strip()
    document = {
        "source": "https://github.com/grafana/dsconfig, registry/<plugin>/{settings.gen,dsconfig}.json",
        "commit": full,
        "date": _git(repository, "show", "-s", "--format=%cs", full).strip(),
        "licence": "Apache-2.0",
        "plugins": {plugin: _plugin(repository, full, plugin) for plugin in PLUGINS},
    }
    RECORDED.write_text(json.dumps(document, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def _plugin(repository: str, commit: str, plugin: str) -> Schema:
    def read(name: str) -> Any:
        return json.loads(_git(repository, "show", f"{commit}:registry/{plugin}/{name}"))

    settings = read("settings.gen.json")
    schema = _closed(settings["spec"])
    data = schema["properties"]["jsonData"]
    for field in read("dsconfig.json")["fields"]:
        if shape := _SHAPE.search(text := field.get("help", {}).get("markdown", "")):
            named = {"TraceqlFilter": _parsed(filters.group(1))} if (filters := _FILTER.search(text)) else {}
            data["properties"][field["key"]] = _parsed(shape.group(1), named)
    # The editor's name of a list that is stored as numbered pairs.
    data["properties"].pop("httpHeaders", None)
    data["patternProperties"] = {"^httpHeaderName[1-9][0-9]*$": {"type": "string"}}
    schema["properties"] |= _OF_ALL
    schema["properties"]["secureJsonData"] = {
        "type": "object",
        "properties": {one["key"]: {"type": "string"} for one in settings["secureValues"]},
        "patternProperties": {"^httpHeaderValue[1-9][0-9]*$": {"type": "string"}},
        "additionalProperties": False,
    }
    schema["required"] = sorted({*schema.get("required", ()), "name", "type", "uid", "access", "jsonData"})
    return schema


def _closed(schema: Schema) -> Schema:
    """Return the facts of a schema, without unknown keys."""
    kept = {key: value for key, value in schema.items() if key in _KEPT}
    if "items" in kept:
        kept["items"] = _closed(kept["items"])
    if "properties" in kept:
        kept["properties"] = {name: _closed(inner) for name, inner in kept["properties"].items()}
        kept["additionalProperties"] = False
    return kept


def _parsed(text: str, named: dict[str, Schema] | None = None) -> Schema:
    """Return the schema of a type in TypeScript's notation."""
    tokens = _TOKEN.findall(text)
    schema = _union(tokens, named or {})
    if tokens:
        raise ValueError(f"{text!r} is no type that this reads: {tokens[0]!r} is left")
    return schema


def _union(tokens: list[str], named: dict[str, Schema]) -> Schema:
    choices = [_one(tokens, named)]
    while tokens and tokens[0] == "|":
        tokens.pop(0)
        choices.append(_one(tokens, named))
    if all("enum" in choice for choice in choices):
        return {"enum": [value for choice in choices for value in choice["enum"]]}
    return choices[0] if len(choices) == 1 else {"anyOf": choices}


def _one(tokens: list[str], named: dict[str, Schema]) -> Schema:
    token = tokens.pop(0)
    if token == "{":
        found = _object(tokens, named)
    elif token == "Array":
        tokens.pop(0)
        found = {"type": "array", "items": _union(tokens, named)}
        tokens.pop(0)
    elif token.startswith("'"):
        found = {"enum": [token.strip("'")]}
    else:
        found = named.get(token, {"type": token})
    while tokens[:2] == ["[", "]"]:
        del tokens[:2]
        found = {"type": "array", "items": found}
    return found


def _object(tokens: list[str], named: dict[str, Schema]) -> Schema:
    properties: dict[str, Schema] = {}
    required = []
    while tokens[0] != "}":
        name = tokens.pop(0)
        if tokens[0] == "?":
            tokens.pop(0)
        else:
            required.append(name)
        tokens.pop(0)
        properties[name] = _union(tokens, named)
        if tokens[0] == ",":
            tokens.pop(0)
    tokens.pop(0)
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _git(repository: str, *arguments: str) -> str:
    git = ["git", f"--git-dir={Path(repository)}", *arguments]
    return subprocess.run(git, check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    main(*sys.argv[1:])
