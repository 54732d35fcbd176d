"""Disruption budgets protect replicas without blocking drains."""

import math
from collections.abc import Iterator

from pydantic import Field

from policies.objects import namespace
from policies.pods import selected
from policies.property import Property
from policies.resources import Resource, Stack
from policies.rule import Bounds, Severity, StackRule, Violation
from policies.scaling import fewest_pods

_BUDGET = "kubernetes:policy/v1:PodDisruptionBudget"
_REPLICATED = ("kubernetes:apps/v1:Deployment", "kubernetes:apps/v1:StatefulSet")


class BudgetBounds(Bounds):
    """How many Pods a drain may take at once."""

    max_at_once: int = Field(
        1, ge=1, description="Most Pods of one budget that may be evicted together: three copies survive one loss."
    )


def check(stack: Stack, bounds: BudgetBounds) -> Iterator[Violation]:
    """Yield each budget that blocks or protects nothing, and each workload with none or several."""
    workloads = {each.urn: each for each in stack.of_type(*_REPLICATED)}
    budgets_of: dict[str, int] = dict.fromkeys(workloads, 0)
    for budget in stack.of_type(_BUDGET):
        protected = selected(stack, namespace(budget), budget["spec"]["selector"])
        for workload in protected:
            budgets_of[workload.urn] = budgets_of.get(workload.urn, 0) + 1
        total = sum(fewest_pods(stack, each) for each in protected if each.urn in workloads)
        for sentence in _problems(budget["spec"], bool(protected), total, bounds.max_at_once):
            yield Violation(budget, sentence)
    for urn, workload in workloads.items():
        yield from _unprotected(workload, fewest_pods(stack, workload), budgets_of[urn])


def _unprotected(workload: Resource, pods: int, budgets: int) -> Iterator[Violation]:
    if pods > 1 and not budgets:
        yield Violation(workload, f"A drain may evict all {pods} Pods at once: no budget selects them.")
    if budgets > 1:
        yield Violation(
            workload, f"{budgets} budgets select its Pods, and Kubernetes then refuses to evict any of them."
        )


def _problems(spec: Property, has_pods: bool, total: int, max_at_once: int) -> Iterator[str]:  # noqa: FBT001
    if spec["unhealthyPodEvictionPolicy"].text("IfHealthyBudget") != "AlwaysAllow":
        yield "A Pod that never gets ready blocks a drain: unhealthyPodEvictionPolicy is not AlwaysAllow."
    if not has_pods:
        yield "The budget selects no Pods of this stack."
    elif total and (evictable := _evictable(spec, total)) < 1:
        yield f"The budget lets none of its {total} Pods be evicted, so their nodes cannot be drained."
    elif total and evictable > max_at_once:
        yield f"The budget lets {evictable} of its {total} Pods be evicted at once; the most is {max_at_once}."


def _evictable(spec: Property, total: int) -> int:
    """Return how many healthy Pods of a budget may be evicted together; without either field one has to stay."""
    if not spec["maxUnavailable"].is_missing:
        return min(_count(spec["maxUnavailable"], total), total)
    return total - (1 if spec["minAvailable"].is_missing else _count(spec["minAvailable"], total))


def _count(number: Property, total: int) -> int:
    """Return a number of Pods, also given as a percentage, which Kubernetes rounds up."""
    if not isinstance(number.value, str):
        return int(number.number())
    return math.ceil(total * Property(float(number.text().rstrip("%")), number.path).number() / 100)


RULE = StackRule(
    name="budgets-leave-room",
    promise="A drain takes one Pod of each server after the other, and is never blocked.",
    severity=Severity.HIGH,
    to_do="Give every server of several replicas one budget, with maxUnavailable 1 and AlwaysAllow.",
    bounds=BudgetBounds,
    check=check,
)
