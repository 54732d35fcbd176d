"""Names and intervals of the recorded series of service level objectives, which rules and panels share.

Each has the labels `service` and `slo` (`availability` or `latency`), and `threshold` where `slo` is `latency`.
"""

from settings.slos import WINDOW_DAYS
from settings.stack import StackSettings

WINDOW = f"{WINDOW_DAYS}d"
# Requests a second, and those of them that failed or were slow.
REQUESTS_5M = "tracing:slo_requests:rate5m"
BAD_5M = "tracing:slo_bad_requests:rate5m"
# Followed by a window: the share of bad requests in it.
RATIO = "tracing:slo_bad_requests:ratio_rate"
OBJECTIVE = "tracing:slo_objective:ratio"
BUDGET_LEFT = "tracing:slo_budget_left:ratio"
# Span metrics change every 30 s; the shortest window of an alert is five times this.
BASE_SECONDS = 60
# Below Prometheus' lookback of 5 minutes, or the series would have gaps.
SLOW_GROUP_SECONDS = 120


def has_slos(settings: StackSettings) -> bool:
    """Return whether the stack has objectives: checks refuse them where they could not be right."""
    chosen = settings.slos.enabled
    possible = settings.span_metrics.source == "agents" and settings.alerts.delivery != "none"
    return possible if chosen is None else chosen
