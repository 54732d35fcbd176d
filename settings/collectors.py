"""The OpenTelemetry collectors: an agent on each node, gateways behind them."""

from pydantic import Field

from settings.base import Resources, Section


class Agent(Section):
    """The collector on each node: adds Kubernetes attributes and routes by trace id."""

    resources: Resources = Field(description="Small: it neither samples nor holds traces.")
    queue_volume_mib: int = Field(
        ge=64,
        le=65_536,
        description="Disk for batches that no gateway takes. It survives a container restart, not the Pod: "
        "the restricted Pod Security profile forbids hostPath.",
    )


class Gateway(Section):
    """The collectors that see whole traces: sampling, scrubbing, delivery to Tempo."""

    replicas: int = Field(ge=1, le=100, description="Traces are spread over them by trace id.")
    cpu_request_millicores: int = Field(
        ge=10,
        le=64_000,
        description="About 10 µs of CPU a span, and a quarter of a millisecond and more to scrub a kept one.",
    )
    cpu_limit_millicores: int = Field(ge=10, le=64_000, description="Leave room for bursts above the request.")
    memory_ceiling_mib: int = Field(
        ge=128,
        le=262_144,
        description="The plan derives each gateway's memory limit from the load; above this it is refused, "
        "so that a typing error cannot ask for a node that does not exist.",
    )
    queue_volume_gib: int = Field(
        ge=1, le=1024, description="Disk for kept spans that Tempo does not take; survives the Pod."
    )


class Collectors(Section):
    """Both layers."""

    agent: Agent = Field(description="One on each node.")
    gateway: Gateway = Field(description="Behind the agents.")
