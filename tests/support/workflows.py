"""Check a pipeline of `.github/` for what its linters do not: pins, permissions, and portable commands."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from settings.project import REPO

TARGETS = set(re.findall(r"^([a-z-]+):", (REPO / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
# One command that runs the same on any machine; only its output may go to the pipeline.
_COMMAND = re.compile(
    r'(?:sudo (?:[A-Z]+=\w+ )*)?make (?:-s )?([a-z-]+)(?: >> "\$GITHUB_(?:OUTPUT|STEP_SUMMARY)")?'
)
_PIN = re.compile(r"uses: [\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")
# What a token may do, and why nothing else is needed.
_PERMISSIONS = {
    "contents: read": "check out",
    "id-token: write": "exchange the job's identity for a session of a role",
    "pull-requests: write": "post one comment",
}
# Both run foreign code, or on its results, with the rights of the base repository.
_DANGEROUS_EVENTS = {"pull_request_target", "workflow_run"}
_SAME_REPOSITORY = "github.event.pull_request.head.repo.full_name == github.repository"


@dataclass(frozen=True)
class Pipeline:
    """A workflow or a composite action: its path, its text, and its content."""

    path: Path
    text: str

    @property
    def content(self) -> dict[Any, Any]:
        """The parsed file; YAML 1.1 reads the key `on` as true."""
        return dict(yaml.safe_load(self.text))

    @property
    def jobs(self) -> Mapping[str, dict[str, Any]]:
        """The jobs by name, none of a composite action."""
        return dict(self.content.get("jobs", {}))

    @property
    def events(self) -> set[str]:
        """The events that start the workflow."""
        return set(self.content.get(True) or ())

    @property
    def steps(self) -> list[dict[str, Any]]:
        """The steps of all jobs, or of the composite action."""
        own = self.content.get("runs", {}).get("steps", [])
        return [*own, *(step for job in self.jobs.values() for step in job.get("steps", []))]


def pipelines() -> list[Pipeline]:
    """Return every workflow and composite action of this repository."""
    folder = REPO / ".github"
    paths = sorted([*folder.glob("workflows/*.yml"), *folder.glob("actions/*/action.yml")])
    return [Pipeline(path, path.read_text(encoding="utf-8")) for path in paths]


def problems(pipeline: Pipeline) -> Iterator[str]:
    """Yield a sentence for everything that a reviewer would refuse."""
    yield from _actions(pipeline)
    yield from _commands(pipeline)
    if pipeline.jobs:
        yield from _rights(pipeline)
        yield from _foreign_code(pipeline)


def _actions(pipeline: Pipeline) -> Iterator[str]:
    for line in re.findall(r"uses: .*", pipeline.text):
        if path := re.fullmatch(r"uses: \./(\S+)", line):
            if not (REPO / path[1]).exists():
                yield f"{line}: there is no such path."
        elif not _PIN.fullmatch(line):
            yield f"{line}: not pinned by a commit with the version in a comment."
    for step in pipeline.steps:
        checkout = str(step.get("uses", "")).startswith("actions/checkout@")
        if checkout and step.get("with", {}).get("persist-credentials") is not False:
            yield "A checkout leaves its token on disk, where every later program finds it."


def _commands(pipeline: Pipeline) -> Iterator[str]:
    for step in pipeline.steps:
        if (command := step.get("run")) is None:
            continue
        found = _COMMAND.fullmatch(command)
        if not found:
            yield f"`{command}` is not one make target, so nobody can run it elsewhere."
        elif found[1] not in TARGETS:
            yield f"`{command}`: there is no target {found[1]}."
    if re.search(r"\bsecrets\b", pipeline.text):
        yield "It uses a stored secret; sessions come from the job's identity, and the token is github.token."


def _rights(pipeline: Pipeline) -> Iterator[str]:
    if pipeline.content.get("permissions") != {}:
        yield "The workflow's own permissions are not empty: a job that states none would have them."
    for name, job in pipeline.jobs.items():
        if "permissions" not in job:
            yield f"{name} states no permissions."
        for scope, level in dict(job.get("permissions", {})).items():
            if f"{scope}: {level}" not in _PERMISSIONS:
                yield f"{name} may {scope}: {level}; allowed are {', '.join(_PERMISSIONS)}."
        rights = _writes(job)
        if "steps" in job and "timeout-minutes" not in job:
            yield f"{name} has no time limit, so it may run for six hours."
        if "steps" in job and "id-token" in rights and "environment" not in job:
            yield f"{name} may become a role outside every environment, so a role cannot tell it from other jobs."
        if len(rights) > 1:
            yield f"{name} has a session on AWS and may write to the repository."


def _foreign_code(pipeline: Pipeline) -> Iterator[str]:
    if dangerous := pipeline.events & _DANGEROUS_EVENTS:
        yield f"It runs on {', '.join(sorted(dangerous))}, with rights that foreign code must not have."
    if "pull_request" not in pipeline.events:
        return
    for name, job in pipeline.jobs.items():
        if _writes(job) and not any(_SAME_REPOSITORY in str(one.get("if")) for one in _with_needs(name, pipeline)):
            yield f"{name} has rights that write, also when a fork's code runs."


def _with_needs(name: str, pipeline: Pipeline) -> Iterator[dict[str, Any]]:
    """Yield a job, and those without which it does not run; one that runs after any result needs none."""
    job = pipeline.jobs[name]
    yield job
    if "!cancelled()" not in str(job.get("if")) and "always()" not in str(job.get("if")):
        for other in _listed(job.get("needs", [])):
            yield from _with_needs(other, pipeline)


def _writes(job: Mapping[str, Any]) -> set[str]:
    return {scope for scope, level in dict(job.get("permissions", {})).items() if level == "write"}


def _listed(value: str | Iterable[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)
