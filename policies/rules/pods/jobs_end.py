"""Jobs give up, and stay to be looked at."""

from collections.abc import Iterator

from pydantic import Field

from policies.objects import kind
from policies.pods import JOBS, job_spec
from policies.resources import Resource
from policies.rule import Bounds, ResourceRule, Severity


class JobBounds(Bounds):
    """How often a Job is tried."""

    max_retries: int = Field(4, ge=0, description="Largest backoffLimit; each retry waits twice as long.")


def check(job: Resource, bounds: JobBounds) -> Iterator[str]:
    """Yield a Job that is retried too often, or that the cluster deletes."""
    spec = job_spec(job)
    # Kubernetes' default.
    retries = spec["backoffLimit"].number(6)
    if retries > bounds.max_retries:
        yield f"The Job is tried again {retries:.0f} times; the largest number is {bounds.max_retries}."
    if kind(job) == "Job" and not spec["ttlSecondsAfterFinished"].is_missing:
        yield (
            "The cluster deletes the finished Job because of ttlSecondsAfterFinished, and a refresh then makes it "
            "run again."
        )


RULE = ResourceRule(
    name="jobs-end-once",
    promise="A Job that fails ends soon, and one that has ended does not run again.",
    severity=Severity.LOW,
    to_do="Set backoffLimit, and leave ttlSecondsAfterFinished out: the program deletes its own Jobs.",
    bounds=JobBounds,
    types=JOBS,
    check=check,
)
