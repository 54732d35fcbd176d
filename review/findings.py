"""What policies found, whoever ran them: the engine, which reports it as events, or the pack over a recording."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from review.names import label

# As the engine orders them; a rule without a severity comes last.
SEVERITIES = ("critical", "high", "medium", "low", "")


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One violation: the rule, how bad it is, and whether it refuses the change.

    `severity` is one of `SEVERITIES`, `level` the engine's word (`mandatory`, `advisory`, …), `resource` a kind
    and a name or '' for the whole stack, `sentence` the rule's message.
    """

    rule: str
    severity: str
    level: str
    resource: str
    sentence: str

    @property
    def refuses(self) -> bool:
        """Whether the engine refuses the update because of it."""
        return self.level == "mandatory"


def finding_of_event(event: Mapping[str, Any]) -> Finding:
    """Return the finding in a `policyEvent` of the engine's event log."""
    urn = event.get("resourceUrn", "")
    # The SDK writes the rule's description above what the rule says.
    description, _, said = event["message"].strip().partition("\n")
    return Finding(
        rule=event["policyName"],
        severity=event.get("severity", ""),
        level=event["enforcementLevel"],
        # A violation of the stack itself is attached to the stack's own resource.
        resource="" if "::pulumi:pulumi:Stack::" in urn or not urn else label(urn),
        sentence=(said or description).strip(),
    )


def worst_first(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings by severity, those that refuse the change first, then by rule and resource."""
    return sorted(findings, key=lambda one: (_rank(one), not one.refuses, one.rule, one.resource, one.sentence))


def _rank(finding: Finding) -> int:
    return SEVERITIES.index(finding.severity) if finding.severity in SEVERITIES else len(SEVERITIES)
