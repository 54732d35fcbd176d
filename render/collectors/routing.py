"""Routing of kept, scrubbed spans to the tenants of each tier.

Built from the collector's core components, because those that route by an attribute or set a header from one are
not in every distribution: a `forward` connector copies the stream into one pipeline for each tenant, a `filter` in
each pipeline passes only the tenant's own spans, and each pipeline has an exporter with a fixed header. A second
`forward` connector of each tenant copies its batches into the pipeline of its long-term tier, in which a `filter`
passes only what the sampler kept for that tier (docs/adr/0021).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from plan.delivery import MAX_REQUEST_BYTES, gateway_queue
from render.collectors.common import RETRY_FOREVER, disk_queue
from render.collectors.sampling import LONG_TERM_POLICIES, POLICY_ATTRIBUTE
from render.names import OTLP_GRPC_PORT, service_host, tempo_otlp_host
from render.tenants import long_term_tenants, tenants
from render.text import Config
from render.tls import otlp_client_tls
from settings.stack import StackSettings

# The attribute that decides a span's tenant; the agents set it.
NAMESPACE_ATTRIBUTE = "k8s.namespace.name"
# The header in which Tempo expects the tenant.
TENANT_HEADER = "X-Scope-OrgID"
# The connector that carries all kept spans.
_KEPT = "forward/kept"
_LONG_TERM_FILTER = "filter/long_term"
# A Tempo whose node is gone does not close its connections. Without keepalive the gateway would send to it until
# TCP gives up, after a quarter of an hour: a test stopped waiting after 4 minutes in which nothing was stored.
_KEEPALIVE: Config = {"time": "10s", "timeout": "10s"}
# A fraction of the CPU of gzip, the default: an incident took 7 and 19 % less in two runs, and no compression at
# all saved no more (docs/adr/0021). Tempo's receiver registers it.
_COMPRESSION = "zstd"


@dataclass(frozen=True, kw_only=True)
class Routes:
    """Everything after scrubbing: the end of the first pipeline, further components, and further pipelines."""

    last_processors: Sequence[str]
    exporters_of_kept: Sequence[str]
    exporters: Mapping[str, Config]
    processors: Mapping[str, Config] = field(default_factory=dict)
    connectors: Mapping[str, Config] = field(default_factory=dict)
    pipelines: Mapping[str, Config] = field(default_factory=dict)


def routes(settings: StackSettings) -> Routes:
    """Return the route to Tempo: a single exporter without tenancy, otherwise one for each tenant and tier.

    No kept span is lost or stored twice in a tier: the default tenant's filter drops exactly the spans that one of
    the other filters passes, and all compare the same attribute, present or not.
    """
    detailed, long_term = tenants(settings), long_term_tenants(settings)
    if not detailed:
        return Routes(
            last_processors=["batch"], exporters_of_kept=["otlp_grpc/tempo"], exporters=_single_exporter(settings)
        )
    filters = _filters(settings)
    pipelines = {f"traces/{tenant}": _tenant_pipeline(filters, tenant) for tenant in detailed}
    for tenant, stored_as in zip(detailed, long_term, strict=bool(long_term)):
        pipelines[f"traces/{tenant}"]["exporters"].append(f"forward/{stored_as}")
        pipelines[f"traces/{stored_as}"] = _long_term_pipeline(stored_as)
    return Routes(
        last_processors=[],
        exporters_of_kept=[_KEPT],
        exporters=_exporter_per_tenant(settings, [*detailed, *long_term]),
        processors=filters | ({_LONG_TERM_FILTER: _long_term_filter()} if long_term else {}),
        connectors={_KEPT: {}} | {f"forward/{name}": {} for name in long_term},
        pipelines=pipelines,
    )


def _filters(settings: StackSettings) -> dict[str, Config]:
    """Return the filter of each tenant, which drops the spans of others; none with a single tenant."""
    if settings.tenants.mode == "single":
        return {}
    named = sorted(settings.tenants.namespaces)
    others = _filter([_namespace("==", name) for name in named])
    return {_filter_name(name): _filter([_namespace("!=", name)]) for name in named} | {
        _filter_name(settings.tenants.default_tenant): others
    }


def _filter(dropped_if: list[str]) -> Config:
    # A condition on one attribute cannot fail; if it did, the spans must not reach the wrong tenant.
    return {"error_mode": "propagate", "trace_conditions": dropped_if}


def _namespace(operator: str, name: str) -> str:
    """Return a condition on a span's namespace; the name is a DNS label, so it needs no escaping."""
    return f'resource.attributes["{NAMESPACE_ATTRIBUTE}"] {operator} "{name}"'


def _filter_name(tenant: str) -> str:
    return f"filter/{tenant}"


def _tenant_pipeline(filters: Mapping[str, Config], tenant: str) -> Config:
    own = [name for name in (_filter_name(tenant),) if name in filters]
    return {"receivers": [_KEPT], "processors": [*own, "batch"], "exporters": [f"otlp_grpc/{tenant}"]}


def _long_term_pipeline(stored_as: str) -> Config:
    """Return the pipeline of a tenant's long-term tier; it receives batches of the tenant's kept spans."""
    return {
        "receivers": [f"forward/{stored_as}"],
        "processors": [_LONG_TERM_FILTER],
        "exporters": [f"otlp_grpc/{stored_as}"],
    }


def _long_term_filter() -> Config:
    """Return the filter that drops what no policy of the long-term tier kept."""
    return _filter(
        [" and ".join(f'scope.attributes["{POLICY_ATTRIBUTE}"] != "{name}"' for name in LONG_TERM_POLICIES)]
    )


def _single_exporter(settings: StackSettings) -> dict[str, Config]:
    return {"otlp_grpc/tempo": _to_tempo(settings, {})}


def _exporter_per_tenant(settings: StackSettings, names: Sequence[str]) -> dict[str, Config]:
    return {f"otlp_grpc/{name}": _to_tempo(settings, {"headers": {TENANT_HEADER: name}}) for name in names}


def _to_tempo(settings: StackSettings, headers: Config) -> Config:
    host = service_host(tempo_otlp_host(settings.tempo.deployment_mode), settings.environment.namespace)
    queue = disk_queue(gateway_queue(settings))
    return {
        "endpoint": f"{host}:{OTLP_GRPC_PORT}",
        "tls": otlp_client_tls(settings, host),
        "keepalive": _KEEPALIVE,
        "compression": _COMPRESSION,
        **headers,
        "retry_on_failure": RETRY_FOREVER,
        # Nothing is held back: items in the queue are batches already, and are at most split.
        "sending_queue": queue
        | {"batch": {"sizer": "bytes", "min_size": 0, "max_size": MAX_REQUEST_BYTES, "flush_timeout": "1s"}},
    }
