"""The stacks whose rules are tested: of each mode, and changed copies that render other rules.

Staging's rules are those of prod with other numbers.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from plan.limits import checked_plan
from plan.plan import Plan
from render.grafana.rules import groups
from render.grafana.rules.rule import Alert, Group
from settings.stack import StackSettings
from tests.support.stacks import settings_of
from tests.support.tempo_configs import of_3

_DELIVERED = {"alerts.delivery": "prometheus_operator"}
# Changes by the name of the variant, after the name of the stack that they change.
_CHANGES: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "dojo": ("dojo", {}),
    "prod": ("prod", {}),
    "dojo with Tempo 3": ("dojo", of_3(kafka=False)),
    "prod with Tempo 3": ("prod", of_3(kafka=True)),
    "dojo where Tempo counts spans": ("dojo", {"span_metrics.source": "tempo"}),
}


def variants() -> Iterator[tuple[str, StackSettings, Plan]]:
    """Yield each variant's name, settings and plan."""
    for name, (stack, changes) in _CHANGES.items():
        settings = settings_of(stack, {**_DELIVERED, **changes})
        yield name, settings, checked_plan(settings)


def alerts(group: Group) -> dict[str, Alert]:
    """Return the alerts of a group by name."""
    return {rule.name: rule for rule in group.rules if isinstance(rule, Alert)}


def every_alert() -> dict[str, Alert]:
    """Return the alerts of all variants by name."""
    found: dict[str, Alert] = {}
    for _, settings, plan in variants():
        for group in groups(settings, plan):
            found |= alerts(group)
    return found
