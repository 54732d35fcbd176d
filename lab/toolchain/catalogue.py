"""Read `catalogue.toml`, which lists the tools that the lab builds from source; `build` acts on it."""

import tomllib
from importlib.metadata import version
from pathlib import Path
from typing import Any

from lab.toolchain.tools import Files, OwnInstallation, Program, Tool
from settings.project import REPO

MODULES = REPO / "lab" / "modules"


def tool_of(name: str, table: dict[str, Any]) -> Tool:
    """Return the tool that a table describes; ValueError for a wrong or missing field."""
    fields = dict(table)
    try:
        number = version(fields.pop("version_of")) if "version_of" in fields else fields.pop("version")
        programs = tuple(_program(number, **program) for program in fields.pop("programs"))
        files = tuple(Files(**_tuples(entry)) for entry in fields.pop("files", ()))
        own = OwnInstallation(**_tuples(fields.pop("own"))) if "own" in fields else None
        return Tool(name=name, version=number, programs=programs, files=files, own=own, **fields)
    except (KeyError, TypeError) as error:
        raise ValueError(f"catalogue.toml: the table of {name} has a wrong or missing field: {error}.") from error


def _program(number: str, *, ldflags: str = "", **fields: str) -> Program:
    return Program(ldflags=ldflags.replace("{version}", number), **fields)


def _tuples(table: dict[str, Any]) -> dict[str, Any]:
    """Return the table with tuples for lists, because tools are hashed."""
    return {name: tuple(value) if isinstance(value, list) else value for name, value in table.items()}


_TABLES = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
HOT_PACKAGES: tuple[str, ...] = tuple(_TABLES.pop("hot_packages"))
TOOLS = {name: tool_of(name, table) for name, table in _TABLES.items()}
