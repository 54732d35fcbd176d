"""What `python -m bench gateway` measures: a file's configuration, in the environment of the deployed gateway."""

import json
from pathlib import Path
from typing import Any

import yaml
from rich.console import Console

from bench.gateway.compare import compare
from bench.gateway.documents import Document
from bench.gateway.measure import Place
from bench.machine import machine
from bench.markdown import of_rich
from bench.page import write
from lab.errors import LabError
from lab.progress import Progress
from lab.toolchain.build import find
from lab.toolchain.queue import build_all
from settings.project import REPO

RENDERED = REPO / "rendered" / "prod"
CONFIG = RENDERED / "collector-gateway.yaml"
_TOOL, _WORKLOAD = "otelcol", "otel-gateway"
# A median that one disturbed run does not move.
RUNS = 3


def gateway(out: Console, config: Path = CONFIG, runs: int = RUNS, *, shares: bool = True) -> None:
    """Build the collector unless it is there, measure a gateway's configuration, and print the comparison.

    That of prod's configuration is written into docs/performance.md as well.
    """
    document = read(config)
    with Progress() as progress:
        build_all([_TOOL], progress)
        with progress.step("measure") as step:
            tables = compare(
                Place([str(program()), *feature_gates()], environment()),
                document,
                runs,
                step.update,
                shares=shares,
            )
    for table in tables:
        out.print(table, highlight=False)
        out.print()
    if config.resolve() == CONFIG:
        write("gateway", f"{machine()}\n\nMedians of {runs} runs:\n\n{of_rich(tables[0])}")


def read(file: Path) -> Document:
    """Return a collector's configuration; raise `LabError` for a file that holds none."""
    try:
        found = yaml.safe_load(file.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise LabError(f"{file} is not YAML: {error}.", "Name a collector's configuration file.") from error
    parts = found if isinstance(found, dict) else {}
    missing = [name for name in ("receivers", "exporters", "service") if name not in parts]
    if missing:
        raise LabError(f"{file} has no {', '.join(missing)}.", "Name a collector's configuration file.")
    return parts


def program() -> Path:
    """Return the built collector; LabError when there is none."""
    found = find(_TOOL)
    if found is None:
        raise LabError("The collector is not built.", "Run `make tools`.")
    return found


def environment() -> dict[str, str]:
    """Return the environment variables with a fixed value that prod's gateways have, as GOMEMLIMIT."""
    return {each["name"]: each["value"] for each in _container()["env"] if "value" in each}


def feature_gates() -> list[str]:
    """Return the arguments of prod's gateways that turn on features of the collector."""
    return [each for each in _container()["args"] if each.startswith("--feature-gates=")]


def _container() -> dict[str, Any]:
    """Return the container of prod's gateways as the program creates it."""
    resources: list[dict[str, Any]] = json.loads((RENDERED / "resources.json").read_text(encoding="utf-8"))
    workloads = [
        each["inputs"]
        for each in resources
        if each["type"] == "kubernetes:apps/v1:StatefulSet" and each["inputs"]["metadata"]["name"] == _WORKLOAD
    ]
    (container,) = workloads[0]["spec"]["template"]["spec"]["containers"]
    return dict(container)
