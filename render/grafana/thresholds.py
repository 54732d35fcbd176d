"""Limits that panels and alerts share, each with its reason: what a panel draws red is what an alert fires on."""

from typing import Final

# A queue that is this full loses spans when whatever fills it goes on; the rest is the time to react.
QUEUE_FULL_RATIO: Final = 0.8
# What is left of an error budget when a fast burn (14.4 times too fast) would spend it within half a day.
BUDGET_NEARLY_SPENT_RATIO: Final = 0.25
