"""Grafana Tempo: version, shape and limits."""

from typing import Literal

from pydantic import Field

from settings.base import Resources, Section

DeploymentMode = Literal["monolithic", "microservices"]


class Tempo(Section):
    """One Tempo. Sizes that follow from the load are in the plan, not here."""

    version: str = Field(
        pattern=r"^2\.(10|[1-9][0-9])\.[0-9]+$",
        description="Decides which configuration keys are written; 2.10 is the last line with ingesters.",
    )
    deployment_mode: DeploymentMode = Field(
        description="`monolithic` is one process with one replica; `microservices` one workload a component."
    )
    ingesters: int = Field(ge=1, le=100, description="Processes that hold recent traces; 1 when monolithic.")
    replication_factor: Literal[1, 3] = Field(
        description="Copies of each trace among the ingesters; 3 survives the loss of one ingester."
    )
    volume_size_gib: int = Field(
        ge=1, le=4096, description="Write-ahead log and blocks not yet flushed, for each ingester."
    )
    resources: Resources = Field(description="Of the monolith, or of each ingester.")
    max_trace_bytes: int = Field(
        default=5_000_000,
        ge=100_000,
        le=100_000_000,
        description="A trace that grows beyond this is cut (discard reason trace_too_large); Tempo's default.",
    )
    trace_idle_seconds: int = Field(
        default=5,
        ge=1,
        le=60,
        description="A trace is written to the log after this long without a new span.",
    )
    max_block_duration_seconds: int = Field(
        default=1800,
        ge=10,
        le=7200,
        description="A block is cut and flushed to the bucket after this long; Tempo's default is 30 minutes.",
    )
    blocklist_poll_seconds: int = Field(
        default=300,
        ge=5,
        le=3600,
        description="How often queriers look for new blocks; each poll costs list requests.",
    )
    search_window_hours: int = Field(
        default=168,
        ge=1,
        le=8760,
        description="Longest span of time one search may cover; must reach over the longest retention.",
    )
