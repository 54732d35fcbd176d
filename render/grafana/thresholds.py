"""Limits that panels and alerts share, each with its reason: what a panel draws red is what an alert fires on."""

from typing import Final

# A queue that is this full loses spans when whatever fills it goes on; the rest is the time to react.
QUEUE_FULL_RATIO: Final = 0.8
# One failed request in a hundred is more than most services' error budget (99.9 %) bears for a day, and one in
# twenty is what a user notices at once.
FAILED_SHARE_WARNING: Final = 0.01
FAILED_SHARE_CRITICAL: Final = 0.05
# What is left of an error budget when a fast burn (14.4 times too fast) would spend it within half a day.
BUDGET_NEARLY_SPENT_RATIO: Final = 0.25
# Bands of the DORA research: a day is high performance, a week is medium.
LEAD_TIME_HOURS: Final = 24.0
LEAD_TIME_CRITICAL_HOURS: Final = 168.0
# Recovery within a day is high performance, within a week medium.
RECOVERY_HOURS: Final = 24.0
RECOVERY_CRITICAL_HOURS: Final = 168.0
# A team that fails in one of five changes is at the edge of high performance; in a third, low.
CHANGE_FAILURE_RATIO: Final = 0.2
CHANGE_FAILURE_CRITICAL_RATIO: Final = 0.33
# The platform's own aim is 10 %; twice that is more repair than a team notices.
REWORK_RATIO: Final = 0.1
REWORK_CRITICAL_RATIO: Final = 0.2
