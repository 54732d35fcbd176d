"""Everything that configures a collector stands in files that rules can read."""

from collections.abc import Iterator

from policies.collectors import collector_containers, collectors
from policies.property import Property
from policies.resources import Stack
from policies.rule import Bounds, Severity, StackRule, Violation


def check(stack: Stack, _bounds: Bounds) -> Iterator[Violation]:
    """Yield each collector without one readable file or with values beside it, and a stack without any.

    There the other rules of collectors have nothing to judge.
    """
    reading = {one.workload.urn for one in collectors(stack)}
    if not reading and not any(collector_containers(stack)):
        yield Violation(None, "The stack has no collector whose configuration could be read.")
    for workload, container in collector_containers(stack):
        if workload.urn not in reading:
            yield Violation(workload, "No ConfigMap that it mounts holds a collector's configuration.")
        for argument in _beside(container):
            yield Violation(workload, f"It is configured by {argument} beside its file.")


def _beside(container: Property) -> Iterator[str]:
    arguments = [*container["command"].texts(), *container["args"].texts()]
    if any(argument.startswith(("--set", "-set")) for argument in arguments):
        yield "--set"
    if sum(argument.startswith(("--config", "-config")) for argument in arguments) > 1:
        yield "a second --config"
    if any(argument.startswith(("--config=env:", "--config=yaml:", "--config=http")) for argument in arguments):
        yield "a --config that is no file"


RULE = StackRule(
    name="collectors-have-their-settings-in-a-file",
    promise="Every setting of a collector stands in a ConfigMap of the stack, where the other rules read it.",
    severity=Severity.HIGH,
    to_do="Mount one ConfigMap with valid YAML, and put the values into it.",
    check=check,
)
