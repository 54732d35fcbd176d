"""Replicas belong to the autoscaler."""

from collections.abc import Iterator

from policies.resources import Resource, Stack
from policies.rule import Bounds, Severity, StackRule, Violation
from policies.scaling import AUTOSCALER, target_of

_REPLICAS = "spec.replicas"


def check(stack: Stack, _bounds: Bounds) -> Iterator[Violation]:
    """Yield each autoscaler that scales nothing, and each workload whose replicas two masters set."""
    for autoscaler in stack.of_type(AUTOSCALER):
        fewest, most = (autoscaler["spec"][f"{which}Replicas"].number(1) for which in ("min", "max"))
        if fewest > most:
            yield Violation(
                autoscaler, f"The minimum of {fewest:.0f} replicas is above the maximum of {most:.0f}."
            )
        target = target_of(stack, autoscaler)
        if target is None:
            yield Violation(autoscaler, "The autoscaler scales no workload of this stack.")
        elif _sets_replicas(target):
            yield Violation(target, f"Every update sets {_REPLICAS}, although an autoscaler changes it.")


def _sets_replicas(workload: Resource) -> bool:
    return not workload["spec"]["replicas"].is_missing and not {_REPLICAS, "spec"} & {*workload.ignored}


RULE = StackRule(
    name="autoscalers-own-replicas",
    promise="No update resets the number of replicas that an autoscaler chose for the load.",
    severity=Severity.HIGH,
    to_do="Name the workload in scaleTargetRef, and ignore changes of spec.replicas in the workload's options.",
    check=check,
)
