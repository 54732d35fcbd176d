"""Everything that configures Tempo stands in files that rules can read."""

from collections.abc import Iterator

from policies.resources import Stack
from policies.rule import Bounds, Severity, StackRule, Violation
from policies.tempos import Process, tempo_processes, tempos

# Flags that say which file to read, which part to run, and in which of two zones, whose processes share the file.
# Any other flag replaces a value of the file.
_FLAGS = {"config.file", "config.expand-env", "live-store.instance-availability-zone", "target"}


def check(stack: Stack, _bounds: Bounds) -> Iterator[Violation]:
    """Yield each Tempo without a readable file in the stack, or with flags beside it; and a stack without any.

    Without one the other rules of Tempo have nothing to judge.
    """
    reading = {process.workload.urn for tempo in tempos(stack) for process in tempo.processes}
    if not reading and not any(tempo_processes(stack)):
        yield Violation(None, "The stack has no Tempo whose configuration could be read.")
    for process in tempo_processes(stack):
        if process.workload.urn not in reading:
            yield Violation(process.workload, "No ConfigMap that it mounts holds a Tempo configuration.")
        for flag in _other_flags(process):
            yield Violation(process.workload, f"It is configured by the flag -{flag} beside its file.")


def _other_flags(process: Process) -> Iterator[str]:
    for argument in [*process.container["command"].texts(), *process.container["args"].texts()]:
        name = argument.partition("=")[0].lstrip("-")
        if argument.startswith("-") and name not in _FLAGS:
            yield name


RULE = StackRule(
    name="tempo-has-its-settings-in-a-file",
    promise="Every setting of Tempo stands in a ConfigMap of the stack, where the other rules read it.",
    severity=Severity.HIGH,
    to_do="Mount a ConfigMap with valid YAML, and put the value of the flag into it.",
    check=check,
)
