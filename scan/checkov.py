"""Run checkov on resources: Kubernetes manifests, and a Terraform plan of what belongs to AWS."""

import json
import os
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from lab.errors import LabError, lines_of
from lab.progress import Progress
from scan import manifests, terraform
from scan.environment import checkov_python
from scan.finding import Finding, Report
from scan.resource import Resource

TOOL = "checkov"
_PLAN = "terraform_plan"
# Only what can be there; no download of guidelines; findings are data here, so none of them is an error.
_OPTIONS = f"--framework kubernetes {_PLAN} --skip-download --quiet --soft-fail --output json".split()
_RUNS = Path(__file__).with_name("checkov_runs.py")
# A hundred times what a stack takes.
_TIMEOUT_SECONDS = 600
_SHOWN_LINES = 10


def checkov(sets: Mapping[str, Sequence[Resource]], progress: Progress) -> dict[str, Report]:
    """Return checkov's report on each set of resources, a stack or a changed one, by the set's name.

    One process scans all sets, because its start takes most of the time; no set sees another one. Raises LabError
    when checkov cannot be installed, or fails.
    """
    python = checkov_python(progress)
    with progress.step(TOOL), tempfile.TemporaryDirectory() as scratch:
        folders = [_written(Path(scratch) / str(number), found) for number, found in enumerate(sets.values())]
        _run(python, Path(scratch), folders)
        reports = [_report(folder.with_suffix(".json").read_text(encoding="utf-8")) for folder in folders]
    return dict(zip(sets, reports, strict=True))


def _written(folder: Path, resources: Sequence[Resource]) -> Path:
    folder.mkdir()
    for name, text in (manifests.manifests(resources) | terraform.plan_files(resources)).items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def _run(python: Path, scratch: Path, folders: Sequence[Path]) -> None:
    """Write checkov's report on each folder beside it."""
    command = [str(python), "-P", str(_RUNS), *map(str, folders), "--", *_OPTIONS]
    # One process a folder, and none below it. -P: this folder, which has a `checkov` too, is not on its path.
    # Its home is the scratch folder: a configuration file of the user's would change what is checked.
    environment = {
        **os.environ,
        "HOME": str(scratch),
        "LOG_LEVEL": "ERROR",
        "CHECKOV_PARALLELIZATION_TYPE": "none",
    }
    done = subprocess.run(
        command,
        cwd=scratch,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        check=False,
        timeout=_TIMEOUT_SECONDS,
    )
    if done.returncode:
        raise LabError(
            f"checkov failed:\n{lines_of(done.stdout.strip().splitlines()[-_SHOWN_LINES:])}",
            f"If its environment is broken, delete {python.parents[1]}; the next scan installs it again.",
        )


def _report(text: str) -> Report:
    """Return the report on a folder, which is one JSON object for one framework and a list for several."""
    document = json.loads(text)
    parts = document if isinstance(document, list) else [document]
    summaries = [part.get("summary", part) for part in parts]
    if any(summary["parsing_errors"] for summary in summaries):
        named = [file for part in parts for file in part["results"]["parsing_errors"]]
        raise LabError(f"checkov cannot read {', '.join(named)}.", "Correct the resource of that name.")
    passed = sum(summary["passed"] for summary in summaries)
    failed = [
        Finding(TOOL, check["check_id"], _resource(part["check_type"], check), check["check_name"])
        for part in parts
        for check in part.get("results", {}).get("failed_checks", [])
    ]
    return Report(passed, tuple(sorted(failed)))


def _resource(framework: str, check: Mapping[str, Any]) -> str:
    """Return the logical name of the resource of a failed check."""
    if framework == _PLAN:
        return terraform.resource_of(check["resource"])
    return manifests.resource_of(check["file_path"])
