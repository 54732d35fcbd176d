"""A stack costs no more than its environment may."""

from collections.abc import Iterator

from pydantic import Field

from plan.cost.bill import MonthlyCost, monthly_cost
from plan.limits import checked_plan
from policies.declared import declared_settings
from policies.resources import Stack
from policies.rule import Bounds, Severity, StackRule, Violation

# As many as a reader can act on.
_SHOWN_ITEMS = 3


class CostBounds(Bounds):
    """How much a stack may cost."""

    max_usd_per_month: float = Field(
        1000,
        ge=0,
        description="Highest bill for a month at the prices of the stack file, as `make cost` shows it.",
    )


def check(stack: Stack, bounds: CostBounds) -> Iterator[Violation]:
    """Yield a stack whose declared settings cost too much."""
    settings = declared_settings(stack)
    bill = monthly_cost(settings, checked_plan(settings))
    if bill.total_usd > bounds.max_usd_per_month:
        yield Violation(
            None,
            f"The settings cost ${bill.total_usd:.2f} a month; the ceiling is ${bounds.max_usd_per_month:.2f}. "
            f"The largest items: {_largest(bill)}.",
        )


def _largest(bill: MonthlyCost) -> str:
    items = sorted(bill.items, key=lambda item: item.usd, reverse=True)[:_SHOWN_ITEMS]
    return "; ".join(f"{item.name} ${item.usd:.2f}" for item in items)


RULE = StackRule(
    name="cost-stays-below-ceiling",
    promise="No change makes a stack cost more than its owners agreed to.",
    severity=Severity.HIGH,
    to_do="Lower retention, sampling or replicas, or agree on a higher max_usd_per_month.",
    bounds=CostBounds,
    check=check,
)
