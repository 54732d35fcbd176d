"""Tempo's configuration: what both majors share. What differs is in `tempo_v2` and `tempo_v3`."""

from plan.plan import Plan
from plan.tempo.majors import tempo_major
from render.names import (
    MEMCACHED,
    MEMCACHED_PORT_NAME,
    MINIO,
    MINIO_PORT,
    OTLP_GRPC_PORT,
    OTLP_HTTP_PORT,
    QUERY_FRONTEND_DISCOVERY,
    TEMPO_DATA_FOLDER,
    TEMPO_GRPC_PORT,
    TEMPO_HTTP_PORT,
    TEMPO_KMS_KEY_VARIABLE,
    TEMPO_LARGEST_MESSAGE_MIB,
    service_host,
)
from render.tempo.overrides import overrides
from render.tempo.rings import gossip, ring
from render.tempo.v2 import sections_of_v2
from render.tempo.v3 import sections_of_v3
from render.tenants import multitenancy
from render.text import Config
from settings.object_store import ObjectStore
from settings.stack import StackSettings

# Column layout of blocks: the newest that every 2.x release since 2.5 reads, and 3.0's default.
_BLOCK_VERSION = "vParquet4"
# What is small and read for every query. Not parquet-page: its volume pushes all else out of a small cache.
_CACHED = (
    "bloom",
    "trace-id-index",
    "parquet-footer",
    "parquet-column-idx",
    "parquet-offset-idx",
    "frontend-search",
)
# A gateway that is over a tenant's rate comes again after this long: 3.0's default, where 2.x says nothing and the
# gateway takes that for a refusal for good.
_RETRY_AFTER = "5s"
# A connection stays with the distributor that it was made to; without an end, one that the autoscaler adds in a
# burst gets nothing of it. What is under way when it ends is finished.
_CONNECTION_AGE = {"max_connection_age": "60s", "max_connection_age_grace": "30s"}
_OF_THE_MAJOR = {2: sections_of_v2, 3: sections_of_v3}


def tempo_config(settings: StackSettings, plan: Plan) -> Config:
    """Return the whole configuration, one for all processes: each is told its part by `-target`.

    Keys of the store are not in it: they are environment variables, or the platform's identity.
    """
    return {
        **_process(settings),
        "distributor": _distributor(settings),
        **_OF_THE_MAJOR[settings.tempo.major](settings, plan),
        **_querier(settings),
        "storage": {"trace": _storage(settings)},
        "overrides": overrides(settings, plan),
        **gossip(settings),
        **_caches(settings),
        **_metrics_generator(settings),
    }


def _process(settings: StackSettings) -> Config:
    config: Config = {
        "target": "all",
        "multitenancy_enabled": multitenancy(settings),
        "stream_over_http_enabled": True,
        # Off: it would report to the vendor and write an object of its own into the bucket.
        "usage_report": {"reporting_enabled": False},
        "server": {"http_listen_port": TEMPO_HTTP_PORT, "grpc_listen_port": TEMPO_GRPC_PORT},
    }
    if settings.tempo.deployment_mode == "microservices":
        # Each process has its own, on its command line.
        del config["target"]
        # Not ready for this long before it stops: by then no Service sends it anything.
        config["shutdown_delay"] = "5s"
    return config


def _distributor(settings: StackSettings) -> Config:
    grpc: Config = {
        "endpoint": f"0.0.0.0:{OTLP_GRPC_PORT}",
        "max_recv_msg_size_mib": TEMPO_LARGEST_MESSAGE_MIB,
    }
    if settings.tempo.deployment_mode == "microservices":
        grpc["keepalive"] = {"server_parameters": _CONNECTION_AGE}
    http = {"endpoint": f"0.0.0.0:{OTLP_HTTP_PORT}"}
    return {
        "receivers": {"otlp": {"protocols": {"grpc": grpc, "http": http}}},
        "ring": ring(settings),
        "retry_after_on_resource_exhausted": _RETRY_AFTER,
    }


def _querier(settings: StackSettings) -> Config:
    """Return where queriers fetch their work; within one process Tempo knows by itself."""
    if settings.tempo.deployment_mode == "monolithic":
        return {}
    frontends = service_host(QUERY_FRONTEND_DISCOVERY, settings.environment.namespace)
    return {"querier": {"frontend_worker": {"frontend_address": f"{frontends}:{TEMPO_GRPC_PORT}"}}}


def _caches(settings: StackSettings) -> Config:
    """Return the cache that all processes share; a monolith does without."""
    if settings.tempo.deployment_mode == "monolithic":
        return {}
    memcached = {
        # Host and service are asked for by SRV, which gives the servers' names: items stay where they are when
        # a server comes back with another address.
        "host": service_host(MEMCACHED, settings.environment.namespace),
        "service": MEMCACHED_PORT_NAME,
        "consistent_hash": True,
        # As in Tempo's jsonnet: a cache that is slower than this is no help.
        "timeout": "200ms",
    }
    return {"cache": {"caches": [{"roles": list(_CACHED), "memcached": memcached}]}}


def _storage(settings: StackSettings) -> Config:
    return {
        "backend": "s3",
        "s3": _s3(settings.object_store, settings.environment.namespace),
        "wal": {"path": f"{TEMPO_DATA_FOLDER}/wal"},
        "block": {"version": _BLOCK_VERSION},
        "blocklist_poll": f"{settings.tempo.blocklist_poll_seconds}s",
    }


def _s3(store: ObjectStore, namespace: str) -> Config:
    endpoint, plain_http = store_endpoint(store, namespace)
    config: Config = {
        "bucket": store.bucket,
        "endpoint": endpoint,
        "region": store.region,
        "insecure": plain_http,
        # Only Amazon has a host name for each bucket.
        "forcepathstyle": store.kind != "aws_s3",
    }
    if store.encryption == "sse_kms":
        # Asked for with every object, because the bucket refuses one that names another key.
        config["sse"] = {"type": "SSE-KMS", "kms_key_id": f"${{{TEMPO_KMS_KEY_VARIABLE}}}"}
    return config


def store_endpoint(store: ObjectStore, namespace: str) -> tuple[str, bool]:
    """Return host (and port) of the store, and whether it is reached by plain HTTP."""
    if store.kind == "minio":
        return f"{service_host(MINIO, namespace)}:{MINIO_PORT}", True
    if store.endpoint is not None:
        return store.endpoint, store.plain_http
    return f"s3.{store.region}.amazonaws.com", False


def _metrics_generator(settings: StackSettings) -> Config:
    """Return the generator, when there is a Prometheus to write to."""
    url = settings.grafana.prometheus_url
    if not url:
        return {}
    folder = f"{TEMPO_DATA_FOLDER}/generator"
    section: Config = {
        "ring": ring(settings),
        # Each tenant has counters of its own, and they meet in one Prometheus: without the tenant on them,
        # services of one name in two tenants would be one series that jumps between two counts.
        **({"registry": {"inject_tenant_id_as": "tenant"}} if multitenancy(settings) else {}),
        "storage": {
            "path": f"{folder}/wal",
            "remote_write": [{"url": f"{url.rstrip('/')}/api/v1/write", "send_exemplars": True}],
        },
    }
    if tempo_major(settings.tempo).local_blocks:
        section["traces_storage"] = {"path": f"{folder}/traces"}
    return {"metrics_generator": section}
