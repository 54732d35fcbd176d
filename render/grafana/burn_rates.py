"""At which rates a budget of 30 days may be spent before somebody is told, over which windows.

The figures are those of the Google SRE workbook, chapter 5: a share of the budget within the long window.
`factor` = share × 30 days ÷ long window. A test compares them with what Sloth generates for the same objective.
"""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, kw_only=True)
class BurnRate:
    """A budget burns at least `factor` times as fast as it may, over the long window and still over the short one.

    - `budget_share`: what is spent of the 30 days' budget when the long window passes at this rate.
    - `short`, `long`: windows as PromQL writes them.
    """

    severity: Literal["critical", "warning"]
    factor: float
    short: str
    long: str
    budget_share: float


BURN_RATES = (
    BurnRate(severity="critical", factor=14.4, short="5m", long="1h", budget_share=0.02),
    BurnRate(severity="critical", factor=6, short="30m", long="6h", budget_share=0.05),
    BurnRate(severity="warning", factor=3, short="2h", long="1d", budget_share=0.10),
    BurnRate(severity="warning", factor=1, short="6h", long="3d", budget_share=0.10),
)
