"""The monthly cost of a stack before and after a change, item by item."""

from collections.abc import Sequence
from dataclasses import dataclass

from plan.cost.bill import CostItem

# Half a cent: what is shown is rounded to cents.
_SMALLEST_USD = 0.005


@dataclass(frozen=True)
class CostDifference:
    """Totals in US dollars a month, and the items that differ; None for an item that is not there on one side."""

    before_usd: float
    after_usd: float
    items: tuple[tuple[CostItem | None, CostItem | None], ...]


def cost_difference(before: Sequence[CostItem], after: Sequence[CostItem]) -> CostDifference:
    """Compare two bills by the names of their items, in the order of the later bill; removed items come last."""
    was, is_now = ({item.name: item for item in items} for items in (before, after))
    pairs = [(was.get(name), is_now.get(name)) for name in dict.fromkeys([*is_now, *was])]
    return CostDifference(
        before_usd=sum(item.usd for item in before),
        after_usd=sum(item.usd for item in after),
        items=tuple(pair for pair in pairs if abs(usd(pair[1]) - usd(pair[0])) >= _SMALLEST_USD),
    )


def usd(item: CostItem | None) -> float:
    """Return the dollars of an item; none cost nothing."""
    return item.usd if item else 0.0
