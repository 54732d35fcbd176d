"""A Tempo in one process runs once where it cannot share work."""

from collections.abc import Iterator

from policies.resources import Stack
from policies.rule import Bounds, Severity, StackRule, Violation
from policies.tempo_config import major_of
from policies.tempos import Process, Tempo, tempos

# The first major version whose monoliths do not form a cluster.
_ALONE = 3


def check(stack: Stack, _bounds: Bounds) -> Iterator[Violation]:
    """Yield each workload that runs a monolith several times."""
    for tempo in tempos(stack):
        for process in tempo.processes:
            if process.replicas > 1 and process.target(tempo.document) == "all":
                yield from _alone(tempo, process)


def _alone(tempo: Tempo, process: Process) -> Iterator[Violation]:
    many = f"It runs {process.replicas:g} monolithic Tempos"
    if major_of(process.container["image"]) >= _ALONE:
        yield Violation(process.workload, f"{many}; from 3.0 on, one does not see the traces of another.")
    elif tempo.document["ingester"]["lifecycler"]["ring"]["kvstore"]["store"].text("memberlist") == "inmemory":
        yield Violation(process.workload, f"{many}, but their ring is in memory, so none knows of another.")


RULE = StackRule(
    name="tempo-monolith-runs-once",
    promise="A query to a monolithic Tempo sees all recent traces.",
    severity=Severity.HIGH,
    to_do="Set replicas to 1, or tempo.deployment_mode to microservices.",
    check=check,
)
