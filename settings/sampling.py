"""The gateways' sampling policy."""

from typing import Annotated

from pydantic import Field

from settings.base import Percentage, Section

Name = Annotated[str, Field(min_length=1, max_length=200)]


class Sampling(Section):
    """Traces with errors, slow, named and pipelines' traces are always kept; of the rest, a baseline share is."""

    baseline_percentage: Percentage = Field(
        description="Share to keep of the traces that are not failed, slow or named; 0 keeps none of them."
    )
    slow_threshold_ms: int = Field(ge=1, le=600_000, description="Traces that last at least this long are kept.")
    decision_wait_seconds: int = Field(
        ge=1,
        le=300,
        description="Time from the first span of a trace to the sampling decision. It must exceed the batch "
        "interval of the slowest exporter (5 s in the SDKs) plus the agent's; every second costs memory.",
    )
    named_users: tuple[Name, ...] = Field(
        default=(), max_length=100, description="Traces of these users (user.id, enduser.id) are kept."
    )
    named_paths: tuple[Name, ...] = Field(
        default=(),
        max_length=100,
        description="Traces with exactly these paths or routes (http.route, url.path, http.target) are kept.",
    )
    keep_pipelines: bool = Field(
        default=True,
        description="Traces of CI/CD pipelines are kept: those with spans whose resource has cicd.pipeline.name "
        "(docs/dora.md). A pipeline outlasts every decision, so each part of its trace must be kept for itself.",
    )
    named_services: tuple[Name, ...] = Field(
        default=(),
        max_length=100,
        description="Traces with spans of these services (service.name) are kept, such as a pipeline engine whose "
        "spans have no cicd.pipeline.name.",
    )
    long_term_baseline_percentage: Percentage = Field(
        default=1.0,
        description="Share of the traces without error that also goes to the long-term tier, if there is one.",
    )
