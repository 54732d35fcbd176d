"""Ingesters stay enough to take writes."""

from collections.abc import Iterator

from policies.pods import pod_template
from policies.property import Property
from policies.resources import Resource, Stack
from policies.rule import Bounds, Severity, StackRule, Violation
from policies.tempos import Process, Tempo, tempos
from policies.unjudged import UnjudgedError

_BUDGET = "kubernetes:policy/v1:PodDisruptionBudget"


def check(stack: Stack, _bounds: Bounds) -> Iterator[Violation]:
    """Yield ingesters that are fewer than a trace's copies, and budgets that let too many of them go at once."""
    for tempo in tempos(stack):
        factor = tempo.document["ingester"]["lifecycler"]["ring"]["replication_factor"].number(1)
        for process in tempo.processes:
            if factor > 1 and process.target(tempo.document) in {"ingester", "all"}:
                yield from _too_few(process, factor)
                yield from _unguarded(stack, process, tempo, factor)


def _too_few(process: Process, factor: float) -> Iterator[Violation]:
    if process.replicas < factor:
        yield Violation(
            process.workload,
            f"{process.replicas:g} ingesters cannot hold {factor:g} copies of each trace.",
        )


def _unguarded(stack: Stack, process: Process, _tempo: Tempo, factor: float) -> Iterator[Violation]:
    labels = pod_template(process.workload)["metadata"]["labels"]
    budgets = [found for found in stack.of_type(_BUDGET) if _selects(found, labels)]
    # A write succeeds with more than half of the copies.
    may_go = int((factor - 1) // 2)
    if not budgets:
        yield Violation(
            process.workload,
            f"No PodDisruptionBudget keeps more than {may_go} of the ingesters from being evicted at once.",
        )
    for budget in budgets:
        going = process.replicas - _kept(budget, process.replicas)
        if going > may_go:
            yield Violation(
                budget,
                f"It lets {going:g} ingesters go at once; with {factor:g} copies of each trace {may_go} may.",
            )


def _kept(budget: Resource, replicas: float) -> float:
    """Return how many Pods a budget keeps."""
    spec = budget["spec"]
    if not spec["minAvailable"].is_missing:
        return _count(spec["minAvailable"], replicas)
    return replicas - _count(spec["maxUnavailable"], replicas)


def _count(amount: Property, replicas: float) -> float:
    """Return a number of Pods; a percentage is rounded up, as Kubernetes does."""
    if not isinstance(amount.value, str):
        return amount.number()
    share = amount.text().removesuffix("%")
    if not share.isdigit():
        raise UnjudgedError(f"{amount.path} is neither a number nor a percentage")
    return float(-(-int(share) * replicas // 100))


def _selects(budget: Resource, labels: Property) -> bool:
    wanted = budget["spec"]["selector"]["matchLabels"].fields()
    return bool(wanted) and all(labels[name].value == value.value for name, value in wanted.items())


RULE = StackRule(
    name="ingesters-keep-a-quorum",
    promise="There are as many ingesters as copies of a trace, and never so few that writes fail.",
    severity=Severity.HIGH,
    to_do="Set tempo.ingesters to at least tempo.replication_factor, and maxUnavailable of their budget to fewer "
    "than half of the copies.",
    check=check,
)
