"""Run kube-score on the Kubernetes objects of a set of resources."""

import json
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from lab.errors import LabError, lines_of
from lab.progress import Progress
from lab.toolchain.queue import BuildQueue
from scan.finding import Finding, Report
from scan.manifests import manifests, resource_of
from scan.resource import Resource

TOOL = "kube-score"
# The oldest version of Kubernetes that the product supports (docs/cluster.md).
_OPTIONS = ("--kubernetes-version", "v1.27", "--output-format", "json")
# kube-score's grade of a critical finding; a better grade has a higher number, and a warning 5.
_CRITICAL = 1
# A thousand times what a stack takes.
_TIMEOUT_SECONDS = 60
_SHOWN_LINES = 10


def kube_score(sets: Mapping[str, Sequence[Resource]], progress: Progress) -> dict[str, Report]:
    """Return kube-score's critical findings in each set of resources, by the set's name; warnings are left out.

    Raises LabError when it cannot be built, or fails.
    """
    with BuildQueue(progress, [TOOL]) as queue:
        program = queue.wait(TOOL)
    with progress.step(TOOL):
        return {name: _report(_run(program, manifests(resources))) for name, resources in sets.items()}


def _run(program: Path, files: Mapping[str, str]) -> list[Any]:
    """Return kube-score's JSON, a list of the objects that it knows; an empty one without files."""
    if not files:
        return []
    with tempfile.TemporaryDirectory() as scratch:
        for name, text in files.items():
            (Path(scratch) / name).write_text(text, encoding="utf-8")
        done = subprocess.run(
            [program, "score", *_OPTIONS, *files],
            cwd=scratch,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
            timeout=_TIMEOUT_SECONDS,
        )
    # It exits with 1 both for a critical finding and for input that it cannot read.
    try:
        return list(json.loads(done.stdout))
    except ValueError as error:
        said = (done.stderr or done.stdout).strip().splitlines()[-_SHOWN_LINES:]
        raise LabError(f"kube-score failed:\n{lines_of(said)}", "Correct the object that it names.") from error


def _report(objects: Iterable[Mapping[str, Any]]) -> Report:
    passed, findings = 0, []
    for found in objects:
        for check in found["checks"]:
            critical = list(_critical(found, check))
            passed += not critical and not check["skipped"]
            findings += critical
    return Report(passed, tuple(sorted(findings)))


def _critical(found: Mapping[str, Any], check: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield a finding for each comment of a check with the worst grade."""
    if not check["skipped"] and check["grade"] <= _CRITICAL:
        for comment in check["comments"] or [{"summary": check["check"]["comment"]}]:
            yield Finding(TOOL, check["check"]["id"], resource_of(found["file_name"]), comment["summary"])
