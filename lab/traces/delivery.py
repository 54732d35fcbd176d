"""Simulated delivery: changes that are built, tested, scanned, deployed and rolled out, some of them badly."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

APPLICATIONS = ("checkout", "search", "catalogue")
# Shares as a team of middling delivery has them, so that a day shows each case.
_BUILD_FAILS, _DEPLOYMENT_FAILS = 0.12, 0.2
# Name, type and bounds of the duration in seconds of each task.
_TASKS = {
    "BUILD": (
        ("fetch", "build", 5, 20),
        ("build", "build", 60, 240),
        ("test", "test", 90, 400),
        ("scan", "test", 30, 90),
    ),
    "SYNC": (("sync", "deploy", 10, 40), ("rollout", "deploy", 40, 180)),
}
# Seconds between a commit, its build and its deployment, and until somebody commits again.
_QUEUED, _APPROVED = (5, 60), (20, 600)
_CORRECTED, _REPAIRED, _NEXT = (300, 1800), (300, 2400), (3600, 10_800)


@dataclass(frozen=True, kw_only=True)
class Change:
    """A commit; `committed` in Unix seconds."""

    application: str
    number: int
    revision: str
    committed: float


@dataclass(frozen=True, kw_only=True)
class Run:
    """One run of a pipeline, that is one trace; times in Unix seconds.

    - `tasks`: name, type and seconds of each; of a failed run the last one failed.
    - `after`: the build that a deployment deploys.
    - `broken_since`: the end of the failed deployment that this one repairs, if it does.
    """

    change: Change
    action: Literal["BUILD", "SYNC"]
    begin: float
    tasks: tuple[tuple[str, str, float], ...]
    failed: bool
    trace_id: bytes
    root_id: bytes
    after: "Run | None" = None
    broken_since: float | None = None

    @property
    def end(self) -> float:
        """When the last task ended."""
        return self.begin + sum(seconds for *_, seconds in self.tasks)


def runs(seed: int, hours: float, end: float, within: float | None = None) -> list[Run]:
    """Return the runs of some hours by their ends, of which the last is `end`; equal seeds give equal runs.

    With `within`, all of them end in so many seconds before `end`: each lasts as long as before, but they overlap.
    """
    found = [run for one in APPLICATIONS for run in _history(one, seed, hours * 3600)]
    first, last = min(run.end for run in found), max(run.end for run in found)
    pace = 1.0 if within is None else within / (last - first)
    later = (_later(run, end - (last - run.end) * pace - run.end) for run in found)
    return sorted(later, key=lambda run: run.end)


def _history(application: str, seed: int, until: float) -> Iterator[Run]:
    """Yield the runs of one application from second 0 on: change after change, after a failed one its repair."""
    chance = random.Random(f"{seed} {application}")  # noqa: S311 - reproducible, protects nothing
    committed, number = chance.uniform(0, 1800), 0
    broken_since: float | None = None
    while committed < until:
        number += 1
        revision = chance.randbytes(20).hex()
        change = Change(application=application, number=number, revision=revision, committed=committed)
        build = _run(chance, change, "BUILD", committed + chance.uniform(*_QUEUED))
        yield build
        if build.failed:
            committed = build.end + chance.uniform(*_CORRECTED)
            continue
        deployed = _run(chance, change, "SYNC", build.end + chance.uniform(*_APPROVED))
        # Whoever repairs makes sure that it works.
        failed = deployed.failed and broken_since is None
        deployed = replace(deployed, failed=failed, after=build, broken_since=broken_since)
        yield deployed
        broken_since = deployed.end if failed else None
        committed = deployed.end + chance.uniform(*(_REPAIRED if failed else _NEXT))


def _run(chance: random.Random, change: Change, action: Literal["BUILD", "SYNC"], begin: float) -> Run:
    planned = _TASKS[action]
    failed = chance.random() < (_BUILD_FAILS if action == "BUILD" else _DEPLOYMENT_FAILS)
    # A failed build ends with the task that failed; a deployment fails in its rollout.
    count = chance.randint(2, len(planned)) if failed else len(planned)
    return Run(
        change=change,
        action=action,
        begin=begin,
        tasks=tuple((name, kind, chance.uniform(least, most)) for name, kind, least, most in planned[:count]),
        failed=failed,
        trace_id=chance.randbytes(16),
        root_id=chance.randbytes(8),
    )


def _later(run: Run, seconds: float) -> Run:
    change = replace(run.change, committed=run.change.committed + seconds)
    since = None if run.broken_since is None else run.broken_since + seconds
    return replace(run, change=change, begin=run.begin + seconds, broken_since=since)
