"""What `python -m bench gateway` measures: a file's configuration, in the environment of the deployed gateway."""

import json
from pathlib import Path
from typing import Any

import yaml
from rich.console import Console

from bench.gateway.compare import compare
from bench.gateway.documents import Document
from bench.gateway.measure import Place
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
    """Build the collector unless it is there, measure a gateway's configuration, and print the comparison."""
    document = read(config)
    with Progress() as progress:
        build_all([_TOOL], progress)
        with progress.step("measure") as step:
            tables = compare(Place(_program(), environment()), document, runs, step.update, shares=shares)
    for table in tables:
        out.print(table, highlight=False)
        out.print()


def read(file: Path) -> Document:
    """Return a collector's configuration; raise `LabError` for a file that holds none."""
    try:
        found = yaml.safe_load(file.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise LabError(f"{file} is not YAML: {error}.", "Name a collector's configuration file.") from error
    missing = [name for name in ("receivers", "exporters", "service") if name not in (found or {})]
    if missing:
        raise LabError(f"{file} has no {', '.join(missing)}.", "Name a collector's configuration file.")
    return dict(found)


def _program() -> Path:
    found = find(_TOOL)
    if found is None:
        raise LabError("The collector is not built.", "Run `make tools`.")
    return found


def environment() -> dict[str, str]:
    """Return the environment variables with a fixed value that prod's gateways have, as GOMEMLIMIT."""
    resources: list[dict[str, Any]] = json.loads((RENDERED / "resources.json").read_text(encoding="utf-8"))
    workload = next(
        each["inputs"]
        for each in resources
        if each["type"] == "kubernetes:apps/v1:StatefulSet" and each["inputs"]["metadata"]["name"] == _WORKLOAD
    )
    containers = workload["spec"]["template"]["spec"]["containers"]
    return {
        each["name"]: each["value"] for container in containers for each in container["env"] if "value" in each
    }
