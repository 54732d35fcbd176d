"""PromQL that several rules need."""

# Longer than an outage of Prometheus, after which a series without recent samples must not look new.
_KNOWN = "6h"
# A counter's growth is looked for in this window, so an alert resolves as long after the last loss.
GROWTH_WINDOW = "15m"


def grown(selector: str, *labels: str, window: str = GROWTH_WINDOW) -> str:
    """Return by how much a counter grew, summed by labels.

    A collector exposes most counters of losses only after the first loss, and increase() sees nothing in a series
    that begins with its final value. So the value of a new series counts as growth.
    """
    new = f"({selector} unless last_over_time({selector}[{_KNOWN}] offset {window}))"
    by = f" by ({', '.join(labels)})" if labels else ""
    return f"sum{by} ({new} or increase({selector}[{window}]))"


def rate(selector: str, *labels: str, window: str = "5m") -> str:
    """Return a counter's rate, summed by labels."""
    by = f" by ({', '.join(labels)})" if labels else ""
    return f"sum{by} (rate({selector}[{window}]))"
