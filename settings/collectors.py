"""The OpenTelemetry collectors: an agent on each node, and gateways."""

from pydantic import Field

from settings.base import DnsSubdomain, Resources, Section


class Agent(Section):
    """The collector on each node: adds Kubernetes attributes and routes by trace id."""

    resources: Resources = Field(
        description="Small, because the agent neither samples nor holds traces; `make plan` prints what its load "
        "takes."
    )
    queue_volume_mib: int = Field(
        # Less would not hold the largest message (plan/delivery.py).
        ge=208,
        le=65_536,
        description="Disk queue for batches that no gateway accepts, which takes a quarter of it, because the "
        "smallest requests need four times their size. It survives a container restart but not the Pod, because "
        "the restricted Pod Security profile forbids hostPath.",
    )
    priority_class: DnsSubdomain | None = Field(
        default=None,
        description="Existing PriorityClass of the agents. Without it the program creates one, so that agents "
        "find room on full nodes.",
    )


class Gateway(Section):
    """The collectors that receive whole traces: they sample, scrub and deliver to Tempo."""

    replicas: int = Field(
        ge=1, le=100, description="Number of gateways; agents spread traces over them by trace id."
    )
    cpu_request_millicores: int = Field(
        ge=10,
        le=64_000,
        description="CPU that the scheduler reserves: at least what the peak takes, which `make plan` prints "
        "(docs/sizing.md).",
    )
    cpu_limit_millicores: int = Field(
        ge=10,
        le=64_000,
        description="CPU above which the container is throttled: at least what an incident takes. Each whole core "
        "is a shard of the sampler.",
    )
    memory_ceiling_mib: int = Field(
        ge=128,
        le=262_144,
        description="Highest memory limit that the plan may derive for a gateway from the load; a stack that "
        "needs more is refused, which catches a mistyped load before it requires a node that does not exist.",
    )
    queue_volume_gib: int = Field(
        ge=1,
        le=1024,
        description="Disk queue for kept spans that Tempo does not accept, which "
        "takes half of it; it survives the Pod.",
    )


class Collectors(Section):
    """Both layers of collectors."""

    agent: Agent = Field(description="The collector on each node.")
    gateway: Gateway = Field(description="The collectors between the agents and Tempo.")
