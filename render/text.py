"""Serialise plain data for files and ConfigMaps."""

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

import yaml

Config = dict[str, Any]
# A value that is a variable and nothing else.
_VARIABLE = re.compile(r"\$\{\w+\}")


class _Dumper(yaml.SafeDumper):
    """Indents lists below their key, as people write them."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002
        super().increase_indent(flow, indentless=False)

    def represent_str(self, data: str) -> yaml.ScalarNode:
        """Quote a variable: Tempo inserts its value before it reads the YAML, and an address may end with `::`."""
        style = '"' if _VARIABLE.fullmatch(data) else None
        return self.represent_scalar("tag:yaml.org,2002:str", data, style=style)


_Dumper.add_representer(str, _Dumper.represent_str)


def to_yaml(config: Config) -> str:
    """Return YAML in the order of the keys and without aliases; the same data gives the same bytes."""
    # Through JSON: equal objects would become anchors, and tuples must become lists.
    plain = json.loads(json.dumps(config))
    # ASCII only: rarer line breaks (U+0085, U+2028) that are not escaped are read back as spaces.
    return yaml.dump(plain, Dumper=_Dumper, sort_keys=False, width=120, allow_unicode=False)


def to_json(config: Config | list[Config]) -> str:
    """Return indented JSON in the order of the keys."""
    return json.dumps(config, indent=2, ensure_ascii=False) + "\n"


def checksum(text: str) -> str:
    """Return a short digest."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def files_checksum(files: Mapping[str, str]) -> str:
    """Return a digest of files by name; as a Pod annotation it restarts the Pod when one of them changes."""
    return checksum("".join(f"{name}\n{text}" for name, text in sorted(files.items())))
