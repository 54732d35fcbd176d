"""Traffic of the applications; the plan derives every size from it."""

from pydantic import Field

from settings.base import Percentage, Section


class Load(Section):
    """Expected traffic before sampling. Measure it (spans received, kept share) and correct these figures."""

    peak_spans_per_second: int = Field(
        ge=1,
        le=10_000_000,
        description="Rate in the busiest minute of the day; determines memory and rate limits.",
    )
    average_spans_per_second: int = Field(
        ge=1, le=10_000_000, description="Average rate of the day; determines storage and cost."
    )
    services: int = Field(
        default=100,
        ge=1,
        le=100_000,
        description="Services that send traces; the cost model divides the total by it. The decision record "
        "states 100.",
    )
    nodes: int = Field(
        default=10,
        ge=1,
        le=10_000,
        description="Nodes that run an agent: they share the peak, and the cost model counts their agents. The "
        "decision record states 10.",
    )
    spans_per_trace: int = Field(
        ge=1, le=100_000, description="Average; use the decision record's 10 until it is measured."
    )
    span_bytes_in_flight: int = Field(
        default=2100,
        ge=200,
        le=100_000,
        description="Memory of one undecided span in a gateway. With twelve attributes a span and a resource, "
        "1.6 kB were measured for ten spans of one service, 2.1 kB for ten of four services, 3 kB where every "
        "span is another service's.",
    )
    span_bytes_sent: int = Field(
        default=1400,
        ge=100,
        le=100_000,
        description="Bytes of one span on the way to Tempo and in sending queues, uncompressed. 0.6 to 1 kB were "
        "measured with twelve attributes a span and a resource; a failed span's stack trace adds to it.",
    )
    span_bytes_stored: int = Field(
        default=1000,
        ge=20,
        le=100_000,
        description="Bytes of one span in the bucket; use the decision record's 1 kB until it is measured.",
    )
    failed_percentage: Percentage = Field(default=1.0, description="Share of traces with an error; all are kept.")
    slow_or_named_percentage: Percentage = Field(
        default=1.0,
        description="Share of traces that are slow, named or of pipelines but not failed; all are kept.",
    )
    headroom: float = Field(
        default=1.5,
        ge=1.0,
        le=10.0,
        description="Factor on the peak for bursts within the minute and uneven spread over the gateways.",
    )
    cpu_factor: float = Field(
        default=1.0,
        ge=0.1,
        le=10.0,
        description="CPU time that a span takes on this stack's nodes, divided by that on the machine of the "
        "plan's figures (docs/sizing.md says how to measure it); 2 for cores half as fast.",
    )
