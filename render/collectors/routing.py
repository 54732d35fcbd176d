"""Where kept, scrubbed spans go: to the one tenant, or to each tenant its own, and again to the long-term tier.

Built from the collector's core parts, because the components that route by an attribute or set a header
from one are not in every distribution: a `forward` connector copies the stream into one pipeline a tenant,
a `filter` in each lets only the tenant's own spans pass, and each has an exporter whose header is fixed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from plan.gateway import GatewayPlan
from render.collectors.common import RETRY_FOREVER, disk_queue
from render.collectors.sampling import long_term_sampling
from render.names import OTLP_GRPC_PORT, TEMPO_LARGEST_MESSAGE_MIB, service_host, tempo_otlp_host
from render.tenants import long_term_tenants, tenants
from render.text import Config
from settings.stack import StackSettings

# The attribute that says whose a span is; the agents write it.
NAMESPACE_ATTRIBUTE = "k8s.namespace.name"
# The header by which Tempo tells tenants apart.
TENANT_HEADER = "X-Scope-OrgID"
# The connectors: all that was kept, and what of it goes to the long-term tier.
_KEPT = "forward/kept"
_LONG_TERM = "forward/long_term"
_LONG_TERM_SAMPLER = "tail_sampling/long_term"
_GIB = 2**30
# Half of what Tempo is told to take at once, and less than any tenant's burst: over either it refuses for good.
# A single span over it cannot be cut, and is dropped with what stands behind it in its batch; 8 MiB are no span's.
_LARGEST_REQUEST_BYTES = TEMPO_LARGEST_MESSAGE_MIB * 2**20 // 2
# A Tempo whose node is gone says nothing more, and without this the gateway would send to it until TCP gives up,
# after a quarter of an hour: nothing was stored for longer than the 4 minutes that were waited for it.
_KEEPALIVE: Config = {"time": "10s", "timeout": "10s"}


@dataclass(frozen=True, kw_only=True)
class Routes:
    """What follows scrubbing: how its pipeline ends, and the parts and pipelines behind that end."""

    last_processors: Sequence[str]
    exporters_of_kept: Sequence[str]
    exporters: Mapping[str, Config]
    processors: Mapping[str, Config] = field(default_factory=dict)
    connectors: Mapping[str, Config] = field(default_factory=dict)
    pipelines: Mapping[str, Config] = field(default_factory=dict)


def routes(settings: StackSettings, plan: GatewayPlan) -> Routes:
    """Return the way to Tempo: straight without tenancy, else by tenant and tier.

    No kept span is lost or stored twice in a tier: the default tenant's filter refuses exactly what one of
    the others lets pass, and both compare the same attribute, absent or not.
    """
    detailed, long_term = tenants(settings), long_term_tenants(settings)
    if not detailed:
        return Routes(
            last_processors=["batch"], exporters_of_kept=["otlp_grpc/tempo"], exporters=_straight(settings)
        )
    filters = _filters(settings)
    pipelines = {f"traces/{tenant}": _pipeline(_KEPT, filters, tenant, tenant) for tenant in detailed}
    if long_term:
        pipelines["traces/long_term"] = {
            "receivers": [_KEPT],
            "processors": [_LONG_TERM_SAMPLER],
            "exporters": [_LONG_TERM],
        }
    for tenant, stored_as in zip(detailed, long_term, strict=bool(long_term)):
        pipelines[f"traces/{stored_as}"] = _pipeline(_LONG_TERM, filters, tenant, stored_as)
    return Routes(
        last_processors=[],
        exporters_of_kept=[_KEPT],
        exporters=_one_a_tenant(settings, [*detailed, *long_term]),
        processors=filters
        | ({_LONG_TERM_SAMPLER: long_term_sampling(settings.sampling, plan)} if long_term else {}),
        connectors={_KEPT: {}} | ({_LONG_TERM: {}} if long_term else {}),
        pipelines=pipelines,
    )


def _filters(settings: StackSettings) -> dict[str, Config]:
    """Return each tenant's filter, which drops what is not its own; none where one tenant takes all."""
    if settings.tenants.mode == "single":
        return {}
    named = sorted(settings.tenants.namespaces)
    others = _filter([_namespace("==", name) for name in named])
    return {_filter_name(name): _filter([_namespace("!=", name)]) for name in named} | {
        _filter_name(settings.tenants.default_tenant): others
    }


def _filter(dropped_if: list[str]) -> Config:
    # A condition on one attribute cannot fail; if one ever did, its spans must not pass to the wrong tenant.
    return {"error_mode": "propagate", "trace_conditions": dropped_if}


def _namespace(operator: str, name: str) -> str:
    """Return a condition on a span's namespace; the name is a DNS label, so nothing in it needs quoting."""
    return f'resource.attributes["{NAMESPACE_ATTRIBUTE}"] {operator} "{name}"'


def _filter_name(tenant: str) -> str:
    return f"filter/{tenant}"


def _pipeline(source: str, filters: Mapping[str, Config], tenant: str, stored_as: str) -> Config:
    own = [name for name in (_filter_name(tenant),) if name in filters]
    return {"receivers": [source], "processors": [*own, "batch"], "exporters": [f"otlp_grpc/{stored_as}"]}


def _straight(settings: StackSettings) -> dict[str, Config]:
    return {"otlp_grpc/tempo": _to_tempo(settings, {}, exporters=1)}


def _one_a_tenant(settings: StackSettings, names: Sequence[str]) -> dict[str, Config]:
    return {
        f"otlp_grpc/{name}": _to_tempo(settings, {"headers": {TENANT_HEADER: name}}, exporters=len(names))
        for name in names
    }


def _to_tempo(settings: StackSettings, headers: Config, exporters: int) -> Config:
    host = service_host(tempo_otlp_host(settings.tempo.deployment_mode), settings.environment.namespace)
    queue = disk_queue(settings.collectors.gateway.queue_volume_gib * _GIB, exporters)
    return {
        "endpoint": f"{host}:{OTLP_GRPC_PORT}",
        "tls": {"insecure": True},
        "keepalive": _KEEPALIVE,
        **headers,
        "retry_on_failure": RETRY_FOREVER,
        # Nothing is held back: what comes out of the queue was a batch already, and is at most cut in pieces.
        "sending_queue": queue
        | {"batch": {"sizer": "bytes", "min_size": 0, "max_size": _LARGEST_REQUEST_BYTES, "flush_timeout": "1s"}},
    }
