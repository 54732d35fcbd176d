"""Ingesters stay enough to take writes."""

from collections.abc import Iterator, Sequence

from policies.pods import pod_template
from policies.property import Property
from policies.resources import Resource, Stack
from policies.rule import Bounds, Severity, StackRule, Violation
from policies.tempos import Process, tempos
from policies.unjudged import UnjudgedError

_BUDGET = "kubernetes:policy/v1:PodDisruptionBudget"


def check(stack: Stack, _bounds: Bounds) -> Iterator[Violation]:
    """Yield ingesters that are fewer than a trace's copies, and budgets that let too many of them go at once."""
    for tempo in tempos(stack):
        factor = tempo.document["ingester"]["lifecycler"]["ring"]["replication_factor"].number(1)
        ingesters = [one for one in tempo.processes if one.target(tempo.document) in {"ingester", "all"}]
        if factor > 1 and ingesters:
            yield from _too_few(ingesters, factor)
            yield from _unguarded(stack, ingesters, factor)


def _too_few(ingesters: Sequence[Process], factor: float) -> Iterator[Violation]:
    replicas = sum(one.replicas for one in ingesters)
    if replicas < factor:
        yield Violation(
            ingesters[0].workload, f"{replicas:g} ingesters cannot hold {factor:g} copies of each trace."
        )


def _unguarded(stack: Stack, ingesters: Sequence[Process], factor: float) -> Iterator[Violation]:
    # A write succeeds with more than half of the copies.
    may_go = int((factor - 1) // 2)
    guarded: set[str] = set()
    for budget in stack.of_type(_BUDGET):
        own = [one for one in ingesters if _selects(budget, one.workload)]
        guarded.update(one.workload.urn for one in own)
        replicas = sum(one.replicas for one in own)
        going = replicas - _kept(budget, replicas) if own else 0
        if going > may_go:
            yield Violation(
                budget,
                f"It lets {going:g} ingesters go at once; with {factor:g} copies of each trace {may_go} may.",
            )
    for one in ingesters:
        if one.workload.urn not in guarded:
            yield Violation(
                one.workload,
                f"No PodDisruptionBudget keeps more than {may_go} of the ingesters from being evicted at once.",
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


def _selects(budget: Resource, workload: Resource) -> bool:
    labels = pod_template(workload)["metadata"]["labels"]
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
