"""What the policies find in a recording of the program, without an engine."""

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from policies.catalogue import all_rules
from policies.configuration import configured, read_configuration
from policies.resources import Stack
from policies.rule import ResourceRule, Rule, Violation
from review.findings import Finding
from review.names import label
from review.recorded import recorded_stack
from snapshot.recorder import Recorder

_DISABLED = "disabled"


def check(recorder: Recorder, config: Mapping[str, Any], name: str) -> list[dict[str, str]] | None:
    """Return the findings in a recording of a stack as plain data; `config` is that of its file."""
    found = findings_in(recorded_stack(recorder, config), name)
    return None if found is None else [dataclasses.asdict(one) for one in found]


def findings_in(stack: Stack, name: str) -> list[Finding] | None:
    """Return the findings in a stack's resources at the levels and bounds of its file; None if it has no file.

    Unlike at the engine's preview, no value is unknown, and remediations do not exist.
    """
    try:
        content = read_configuration(name)
    except FileNotFoundError:
        return None
    found = []
    for rule in all_rules():
        entry = configured(rule, content)
        if entry.level != _DISABLED:
            found += [_finding(rule, entry.level, one) for one in _violations(rule, stack, entry.bounds)]
    return found


def _violations(rule: Rule, stack: Stack, bounds: Mapping[str, Any]) -> Iterator[Violation]:
    if isinstance(rule, ResourceRule):
        for resource in stack.of_type(*rule.types):
            yield from rule.violations(resource, bounds)
    else:
        yield from rule.violations(stack, bounds)


def _finding(rule: Rule, level: str, violation: Violation) -> Finding:
    return Finding(
        rule=rule.name,
        severity=rule.severity.value,
        level=level,
        resource=label(violation.resource.urn) if violation.resource else "",
        # As the pack says it to the engine.
        sentence=f"{violation.sentence} {rule.to_do}",
    )
