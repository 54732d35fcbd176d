"""Grafana Tempo: version, shape and limits."""

from typing import Literal

from pydantic import Field

from settings.base import DnsLabel, HostAndPort, Resources, Section

_FIRST_MAJOR_WITH_KAFKA = 3
DeploymentMode = Literal["monolithic", "microservices"]


class Kafka(Section):
    """The Kafka between the distributors and everything else of a Tempo 3 of microservices."""

    address: HostAndPort = Field(description="Host and port of a bootstrap broker.")
    topic: DnsLabel = Field(
        default="fawkes-tempo",
        description="Topic with at least `tempo.ingesters` partitions; it is not created from here.",
    )


class Tempo(Section):
    """One Tempo. Sizes that follow from the load are in the plan, not here."""

    version: str = Field(
        pattern=r"^(0|[1-9][0-9]{0,2})\.(0|[1-9][0-9]{0,2})\.(0|[1-9][0-9]{0,2})$",
        description="Decides which configuration keys are written: 2.10 is the last line with ingesters, "
        "3.0 reads recent traces from live stores.",
    )
    deployment_mode: DeploymentMode = Field(
        description="`monolithic` is one process with one replica; `microservices` one workload a component."
    )
    ingesters: int = Field(
        ge=1,
        le=100,
        description="Processes that hold recent traces, 1 when monolithic. In 3.x: live stores of a zone, "
        "each with a partition and a block builder of its own.",
    )
    replication_factor: Literal[1, 3] = Field(
        description="Copies of each trace among the ingesters; 3 survives the loss of one ingester. "
        "In 3.x microservices more than 1 means a second zone of live stores: Kafka keeps the copies."
    )
    kafka: Kafka | None = Field(default=None, description="Needed by 3.x microservices, refused otherwise.")
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

    @property
    def major(self) -> int:
        """The line whose configuration keys apply."""
        return int(self.version.split(".")[0])

    @property
    def minor(self) -> int:
        """The minor version, which says how new the keys may be."""
        return int(self.version.split(".")[1])

    @property
    def needs_kafka(self) -> bool:
        """Whether distributors write to Kafka: from 3.0 on there is no other way between processes."""
        return self.deployment_mode == "microservices" and self.major >= _FIRST_MAJOR_WITH_KAFKA
