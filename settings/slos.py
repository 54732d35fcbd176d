"""Service level objectives: which share of requests must succeed, and be fast, over 30 days."""

from typing import Annotated, Literal

from pydantic import Field

from settings.base import Section

# The days over which a budget of failed requests is spent; the factors of the alerts hold for this window.
WINDOW_DAYS = 30
# At least half of the requests, and a budget that the counts of a month can show.
_Objective = Annotated[float, Field(ge=50, le=99.999)]
# The bounds of the histogram of durations in milliseconds: a count of slow requests is exact at these only.
LatencyThreshold = Literal[2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384]
SpanKind = Literal["server", "consumer"]
_ServiceName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]{0,127}$")]

_AVAILABILITY = "Share of requests that must succeed: whose span does not have the status error."
_THRESHOLD = "Time in which a request counts as fast: one of the bounds of the histogram of durations."
_LATENCY = "Share of the requests without error that must be fast."


class ServiceObjective(Section):
    """One service's own objectives; what is left out is as in `slos`."""

    service: _ServiceName = Field(description="`service.name` of its spans.")
    availability_percentage: _Objective | None = Field(default=None, description=_AVAILABILITY)
    latency_percentage: _Objective | None = Field(default=None, description=_LATENCY)
    latency_threshold_ms: LatencyThreshold | None = Field(default=None, description=_THRESHOLD)


class Slos(Section):
    """Objectives of every service that gets requests, over 30 days, with alerts by burn rate (docs/slos.md)."""

    enabled: bool | None = Field(
        default=None,
        description="Record the services' error budgets and alert when they are spent too fast. By default where "
        "agents make span metrics, which they count before sampling, and alerts are delivered; `true` refuses a "
        "stack where that is not so.",
    )
    availability_percentage: _Objective = Field(
        default=99.9, description=f"{_AVAILABILITY} 99.9 allows one failure in a thousand requests."
    )
    latency_percentage: _Objective = Field(default=99.0, description=_LATENCY)
    latency_threshold_ms: LatencyThreshold = Field(default=1024, description=_THRESHOLD)
    services: tuple[ServiceObjective, ...] = Field(
        default=(), max_length=100, description="Services with objectives of their own."
    )
    span_kinds: tuple[SpanKind, ...] = Field(
        default=("server", "consumer"),
        min_length=1,
        max_length=2,
        description="Spans that are requests. `server` are calls that somebody waits for, `consumer` "
        "messages from a queue.",
    )
    minimum_bad_requests: int = Field(
        default=5,
        ge=1,
        le=100_000,
        description="A budget counts as burning only with about this many failed or slow requests in an alert's "
        "long window: of few requests, a single failure is more than any objective allows.",
    )
