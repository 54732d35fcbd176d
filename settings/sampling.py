"""The gateways' sampling policy."""

from typing import Annotated, Literal

from pydantic import Field

from settings.base import Percentage, Section

Name = Annotated[str, Field(min_length=1, max_length=200)]

# Without what the collector's condition language would have to quote.
UrlPath = Annotated[str, Field(pattern=r"^/[A-Za-z0-9._~!$&'()*+,;=:@%/{}-]*$", max_length=200)]
# Names of gRPC's codes but OK, in the order of their numbers from 1 on.
GrpcCode = Literal[
    "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS",
    "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED",
    "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED",
]  # fmt: skip


class Failed(Section):
    """What counts as a failed trace beside a span with the status ERROR, which always does."""

    http_server_errors: bool = Field(
        default=True,
        description="A span with an HTTP status of 500 to 599 (http.response.status_code, http.status_code), as "
        "proxies send it that set no span status.",
    )
    grpc_codes: tuple[GrpcCode, ...] = Field(
        # Those that the semantic conventions count as errors of the server.
        default=("UNKNOWN", "DEADLINE_EXCEEDED", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS"),
        max_length=16,
        description="A span with one of these gRPC codes (rpc.grpc.status_code as a number, "
        "rpc.response.status_code as a name).",
    )
    exception_events: bool = Field(
        default=False,
        description="A span with an event named exception. Applications also record exceptions that they handle, "
        "so this may keep far more than what failed.",
    )


class ServiceLimit(Section):
    """A limit for a service that sends more than it is worth."""

    service: Name = Field(description="Its service.name.")
    kept_spans_per_second: int = Field(
        ge=1,
        le=10_000_000,
        description="Rate at which all gateways together keep spans of traces with this service; failed traces "
        "are kept above it.",
    )


class Sampling(Section):
    """Traces with errors, slow, named and pipelines' traces are always kept; of the rest, a baseline share is.

    Up to a ceiling: above it gateways give up ordinary traces first, then slow, named and at last failed ones.
    """

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
    failed: Failed = Field(default_factory=Failed, description="What counts as a failed trace.")
    ceiling_spans_per_second: int | None = Field(
        default=None,
        ge=1,
        le=100_000_000,
        description="Rate at which one gateway keeps spans at most. From 80 % of it gateways give up ordinary "
        "traces, from 90 % slow, from 95 % named, and failed ones only above it. By default what the plan sizes "
        "everything behind the sampler for: load.peak_spans_per_second × load.headroom in an incident.",
    )
    service_limits: tuple[ServiceLimit, ...] = Field(
        default=(), max_length=50, description="Limits for noisy services, each named once."
    )
    health_check_paths: tuple[UrlPath, ...] = Field(
        default=(),
        max_length=50,
        description="Traces whose root span has exactly one of these paths or routes (http.route, url.path, "
        "http.target) are dropped, unless they failed.",
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
