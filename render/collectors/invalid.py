"""The agents' filter of spans that Tempo refuses.

Tempo rejects a whole request for one such span, and a gateway's requests hold spans of many senders. So the agent
drops them while their request is still their sender's own. `otelcol_processor_filter_spans_filtered_total` counts
them.
"""

from render.text import Config

INVALID_FILTER = "filter/invalid"
# `requestsByTraceID` in Tempo's modules/distributor/distributor.go: every version refuses an all-zero trace id,
# 2.10 and 3.0 also an all-zero span id. Ids of a wrong length do not get this far: the collector's receiver
# cannot decode them, and refuses their request to its sender.
_ZERO_TRACE_ID = f"span.trace_id == TraceID(0x{bytes(16).hex()})"
_ZERO_SPAN_ID = f"span.span_id == SpanID(0x{bytes(8).hex()})"


def invalid_filter() -> Config:
    """Return the processor that drops spans which Tempo refuses."""
    return {
        # Comparing two ids cannot fail.
        "error_mode": "propagate",
        # A single condition: each one is a pass of its own over all spans.
        "trace_conditions": [f"{_ZERO_TRACE_ID} or {_ZERO_SPAN_ID}"],
    }
