"""What the applications send: the figures that every size in the plan is derived from."""

from pydantic import Field

from settings.base import Percentage, Section


class Load(Section):
    """Expected traffic before sampling. Measure it (spans received, kept share) and correct it here."""

    peak_spans_per_second: int = Field(
        ge=1, le=10_000_000, description="Highest minute of the day; sizes memory and rate limits."
    )
    average_spans_per_second: int = Field(
        ge=1, le=10_000_000, description="Average of the day; sizes storage and cost."
    )
    services: int = Field(
        default=100,
        ge=1,
        le=100_000,
        description="Services that send traces; the cost model shares the sum among them. The record's 100.",
    )
    nodes: int = Field(
        default=10,
        ge=1,
        le=10_000,
        description="Nodes that run an agent; the cost model multiplies by it. The record's 10.",
    )
    spans_per_trace: int = Field(
        ge=1, le=100_000, description="Average; the decision record's 10 unless measured otherwise."
    )
    span_bytes_in_flight: int = Field(
        default=1400,
        ge=200,
        le=100_000,
        description="Memory of one undecided span in a gateway: 1.4 kB measured with ten attributes a span.",
    )
    span_bytes_stored: int = Field(
        default=1000,
        ge=20,
        le=100_000,
        description="Bytes of one span in the bucket; the decision record's 1 kB until a bucket says otherwise.",
    )
    failed_percentage: Percentage = Field(default=1.0, description="Share of traces with an error; all are kept.")
    slow_or_named_percentage: Percentage = Field(
        default=1.0, description="Share of traces that are slow or named but not failed; all are kept."
    )
    headroom: float = Field(
        default=1.5,
        ge=1.0,
        le=10.0,
        description="Factor on the peak for bursts within the minute and uneven spread over the gateways.",
    )
