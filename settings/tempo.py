"""Grafana Tempo: version, deployment mode and limits."""

from typing import Literal

from pydantic import Field

from settings.base import DnsLabel, HostAndPort, Resources, Section

_FIRST_MAJOR_WITH_KAFKA = 3
# Tempo's manual: queries may rely on the bucket only for data older than two blocklist polls; otherwise searches
# miss recent blocks.
POLLS_UNTIL_SEEN = 2
DeploymentMode = Literal["monolithic", "microservices"]


class Kafka(Section):
    """The Kafka between the distributors and the other processes of Tempo 3 in microservices mode."""

    address: HostAndPort = Field(description="Host and port of a bootstrap broker.")
    topic: DnsLabel = Field(
        default="fawkes-tempo",
        description="Topic with at least `tempo.ingesters` partitions; this program does not create it.",
    )


class Tempo(Section):
    """One Tempo. Sizes derived from the load are in the plan."""

    version: str = Field(
        pattern=r"^(0|[1-9][0-9]{0,2})\.(0|[1-9][0-9]{0,2})\.(0|[1-9][0-9]{0,2})$",
        description="Selects the configuration format: 2.10 is the last minor version with ingesters, 3.0 reads "
        "recent traces from live stores.",
    )
    deployment_mode: DeploymentMode = Field(
        description="`monolithic` is one process with one replica; `microservices` is one workload for each "
        "component."
    )
    ingesters: int = Field(
        ge=1,
        le=100,
        description="Processes that hold recent traces; 1 if monolithic. In 3.x: live stores in a zone, each with "
        "its own partition and block builder.",
    )
    replication_factor: Literal[1, 3] = Field(
        description="Copies of each trace among the ingesters; 3 tolerates the loss of one ingester. In 3.x "
        "microservices mode Kafka keeps the copies, and more than 1 means a second zone of live stores."
    )
    require_zones: bool = Field(
        default=False,
        description="Start an ingester only in the zone with the fewest, instead of preferring it; in 3.x, the "
        "two zones of live stores only in different zones of the cluster. Needs nodes in three zones (3.x: two). "
        "With 3 ingesters the loss of a zone takes one copy of each trace and stops nothing. With more, copies "
        "may share a zone: the loss of one of three refuses a fifth of the spans with 6 ingesters, half with 4. "
        "Existing volumes stay in their zones: compare those first.",
    )
    kafka: Kafka | None = Field(
        default=None, description="Required by 3.x in microservices mode, refused otherwise."
    )
    volume_size_gib: int = Field(
        ge=1,
        le=4096,
        description="Volume of each ingester, for the write-ahead log and the blocks not yet flushed.",
    )
    resources: Resources = Field(description="CPU and memory of the monolith, or of each ingester.")
    max_trace_bytes: int = Field(
        default=5_000_000,
        ge=100_000,
        le=100_000_000,
        description="Largest trace; further spans are dropped (discard reason trace_too_large). Tempo's default.",
    )
    trace_idle_seconds: int = Field(
        default=5,
        ge=1,
        le=60,
        description="A trace is written to the write-ahead log after this time without a new span.",
    )
    max_block_duration_seconds: int = Field(
        default=1800,
        ge=10,
        le=7200,
        description="A block is cut and flushed to the bucket after this time; Tempo's default is 30 minutes.",
    )
    blocklist_poll_seconds: int = Field(
        default=300,
        ge=5,
        le=3600,
        description="Interval at which queriers look for new blocks; each poll costs list requests.",
    )
    search_window_hours: int = Field(
        default=168,
        ge=1,
        le=8760,
        description="Longest time range of one search or TraceQL metrics query; must cover the longest retention. "
        "Tempo is told to accept a little more, because local time gains an hour when summer time ends within a "
        "window, and because Tempo rounds the range of a metrics query outwards.",
    )
    traceql_metrics: bool = Field(
        default=True,
        description="Answer TraceQL metrics queries such as `{} | rate()`, which Grafana's Traces Drilldown asks. "
        "In 2.x metrics generators then write a second copy of the detailed tier into the bucket; not counted "
        "are spans that arrive more than six minutes late, and those from before it was on. 3.x answers them in "
        "any case, and from the blocks that it has.",
    )
    generator_volume_size_gib: int = Field(
        default=12,
        ge=1,
        le=4096,
        description="Volume of each metrics generator, for the blocks that TraceQL metrics are read from before "
        "the bucket has them, and the log of series before Prometheus. Only with traceql_metrics in 2.x "
        "microservices mode.",
    )

    @property
    def major(self) -> int:
        """The major version, which selects the configuration format."""
        return int(self.version.split(".")[0])

    @property
    def minor(self) -> int:
        """The minor version, which limits how new the configuration keys may be."""
        return int(self.version.split(".")[1])

    @property
    def traceql_metrics_need_generators(self) -> bool:
        """Whether TraceQL metrics are answered from nothing but blocks of metrics generators: until 2.10."""
        return self.major < _FIRST_MAJOR_WITH_KAFKA

    @property
    def generators_write_blocks(self) -> bool:
        """Whether metrics generators write blocks, from which TraceQL metrics are answered."""
        return self.traceql_metrics and self.traceql_metrics_need_generators

    @property
    def needs_kafka(self) -> bool:
        """Whether distributors write to Kafka: since 3.0 processes have no other connection."""
        return self.deployment_mode == "microservices" and self.major >= _FIRST_MAJOR_WITH_KAFKA
