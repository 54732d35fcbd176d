"""Which traces the gateway keeps."""

from typing import Annotated

from pydantic import Field

from settings.base import Percentage, Section

Name = Annotated[str, Field(min_length=1, max_length=200)]


class Sampling(Section):
    """Errors are always kept; so are slow and named traces; of the rest, a baseline share."""

    baseline_percentage: Percentage = Field(
        description="Share of the traces that are neither failed, slow nor named. 0 keeps none of them."
    )
    slow_threshold_ms: int = Field(ge=1, le=600_000, description="A trace that lasts at least this long is kept.")
    decision_wait_seconds: int = Field(
        ge=1,
        le=300,
        description="How long after its first span a trace is decided. Must outlast the slowest exporter's "
        "batch (5 s in the SDKs) plus the agent's; every second costs memory.",
    )
    named_users: tuple[Name, ...] = Field(
        default=(), max_length=100, description="Traces of these users (user.id, enduser.id) are kept."
    )
    named_paths: tuple[Name, ...] = Field(
        default=(),
        max_length=100,
        description="Traces through exactly these paths or routes (http.route, url.path, http.target) are kept.",
    )
    long_term_baseline_percentage: Percentage = Field(
        default=1.0,
        description="Share of the traces without error that also goes to the long-term tier, when there is one.",
    )
