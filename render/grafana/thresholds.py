"""Limits that panels and alerts share, each with its reason: what a panel draws red is what an alert fires on."""

from typing import Final

# A queue that is this full loses spans when whatever fills it goes on; the rest is the time to react.
QUEUE_FULL_RATIO: Final = 0.8
# One failed request in a hundred is more than most services' error budget (99.9 %) bears for a day, and one in
# twenty is what a user notices at once.
FAILED_SHARE_WARNING: Final = 0.01
FAILED_SHARE_CRITICAL: Final = 0.05
