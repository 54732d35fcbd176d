"""Tempo's configuration: the sections that both majors share. The others are in `v2` and `v3`."""

from plan.delivery import TEMPO_MAX_MESSAGE_MIB
from plan.plan import Plan
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
    TEMPO_STREAM_VARIABLE,
    every_address,
    service_host,
)
from render.s3_host import s3_host
from render.tempo.generator import metrics_generator
from render.tempo.overrides import overrides
from render.tempo.rings import gossip, ring
from render.tempo.v2 import sections_of_v2
from render.tempo.v3 import sections_of_v3
from render.tempo.wal import wal
from render.tenants import multitenancy
from render.text import Config
from render.tls import otlp_server_tls, tempo_client_tls, tempo_server_tls
from settings.object_store import ObjectStore
from settings.stack import StackSettings

# Block format: the newest that every 2.x release since 2.5 reads, and 3.0's default.
_BLOCK_VERSION = "vParquet4"
# Small items that every query reads. Not parquet-page: its volume would evict everything else from a small cache.
_CACHED_ROLES = (
    "bloom",
    "trace-id-index",
    "parquet-footer",
    "parquet-column-idx",
    "parquet-offset-idx",
    "frontend-search",
)
# Retry delay sent with RESOURCE_EXHAUSTED. 3.0's default; 2.x sends none, and the collector then treats the error
# as permanent.
_RETRY_AFTER = "5s"
# gRPC connections are long-lived: without a maximum age, distributors added during a burst receive no traffic.
# Requests in progress when a connection closes are completed.
_CONNECTION_AGE = {"max_connection_age": "60s", "max_connection_age_grace": "30s"}
# Time for a query. A querier has 30 s for each part of a search, and the frontend sends a failed part again twice
# (Tempo's defaults): three attempts fit. The frontend then cancels the query and answers 503 with the reason.
_QUERY_SECONDS = 120
# Until a server closes a connection whose response is not complete, by default after 30 s and without an answer.
# The frontend exempts its searches, except those that are streamed over HTTP.
_WRITE_SECONDS = _QUERY_SECONDS + 10
_SECTIONS_OF_MAJOR = {2: sections_of_v2, 3: sections_of_v3}


def tempo_config(settings: StackSettings, plan: Plan) -> Config:
    """Return the whole configuration, the same for all processes: each gets its role by `-target`.

    It holds no credentials of the object store: those are environment variables, or the platform's identity.
    """
    sections = _SECTIONS_OF_MAJOR[settings.tempo.major](settings, plan)
    sections["query_frontend"] |= {"api_timeout": f"{_QUERY_SECONDS}s"}
    return {
        **_process(settings),
        "distributor": _distributor(settings),
        **sections,
        **_querier(settings),
        "storage": {"trace": _storage(settings)},
        "overrides": overrides(settings),
        **gossip(settings),
        **_caches(settings),
        **metrics_generator(settings, plan),
    }


def _process(settings: StackSettings) -> Config:
    config: Config = {
        "target": "all",
        "multitenancy_enabled": multitenancy(settings),
        "stream_over_http_enabled": _streams_over_http(settings),
        # Off: it reports to the vendor and writes an extra object into the bucket.
        "usage_report": {"reporting_enabled": False},
        "server": {
            "http_listen_port": TEMPO_HTTP_PORT,
            "http_server_write_timeout": f"{_WRITE_SECONDS}s",
            "grpc_listen_port": TEMPO_GRPC_PORT,
            **tempo_server_tls(settings),
        },
    }
    if settings.tempo.deployment_mode == "microservices":
        # Each process has its own target on its command line.
        del config["target"]
        # The process is unready for this long before it stops, so all Services have removed it by then.
        config["shutdown_delay"] = "5s"
    return config


def _streams_over_http(settings: StackSettings) -> bool | str:
    """Return whether a process answers gRPC on its HTTP port, which Grafana's streamed searches need.

    It then answers every gRPC method there, without TLS and without asking for a certificate: an ingester would
    take spans from everybody. In microservices mode only query frontends have the variable.
    """
    if settings.tempo.deployment_mode == "microservices":
        return f"${{{TEMPO_STREAM_VARIABLE}:-false}}"
    return streams_to_grafana(settings)


def streams_to_grafana(settings: StackSettings) -> bool:
    """Return whether whoever answers queries streams the results of gRPC on its HTTP port."""
    return settings.tempo.deployment_mode == "microservices" or settings.tls.otlp == "plaintext"


def _distributor(settings: StackSettings) -> Config:
    grpc: Config = {
        "endpoint": every_address(OTLP_GRPC_PORT),
        "max_recv_msg_size_mib": TEMPO_MAX_MESSAGE_MIB,
    }
    if settings.tempo.deployment_mode == "microservices":
        grpc["keepalive"] = {"server_parameters": _CONNECTION_AGE}
    tls = otlp_server_tls(settings)
    grpc |= tls
    http = {"endpoint": every_address(OTLP_HTTP_PORT), **tls}
    return {
        "receivers": {"otlp": {"protocols": {"grpc": grpc, "http": http}}},
        "ring": ring(settings),
        "retry_after_on_resource_exhausted": _RETRY_AFTER,
    }


def _querier(settings: StackSettings) -> Config:
    """Return the address from which queriers fetch their work; a single process knows its own."""
    worker = tempo_client_tls(settings)
    if settings.tempo.deployment_mode == "microservices":
        frontends = service_host(QUERY_FRONTEND_DISCOVERY, settings.environment.namespace)
        worker = {"frontend_address": f"{frontends}:{TEMPO_GRPC_PORT}"} | worker
    return {"querier": {"frontend_worker": worker}} if worker else {}


def _caches(settings: StackSettings) -> Config:
    """Return the cache that all processes share; a monolith has none."""
    if settings.tempo.deployment_mode == "monolithic":
        return {}
    memcached = {
        # Host and service form an SRV query, which returns the servers' names: items keep their server when it
        # restarts with another address.
        "host": service_host(MEMCACHED, settings.environment.namespace),
        "service": MEMCACHED_PORT_NAME,
        "consistent_hash": True,
        # As in Tempo's jsonnet: a slower cache does not help.
        "timeout": "200ms",
    }
    return {"cache": {"caches": [{"roles": list(_CACHED_ROLES), "memcached": memcached}]}}


def _storage(settings: StackSettings) -> Config:
    return {
        "backend": "s3",
        "s3": _s3(settings.object_store, settings.environment.namespace),
        "wal": wal(f"{TEMPO_DATA_FOLDER}/wal"),
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
        # Only Amazon S3 has a host name for each bucket.
        "forcepathstyle": store.kind != "aws_s3",
    }
    if store.encryption == "sse_kms":
        # Sent with every object, because the bucket refuses uploads that name another key.
        config["sse"] = {"type": "SSE-KMS", "kms_key_id": f"${{{TEMPO_KMS_KEY_VARIABLE}}}"}
    return config


def store_endpoint(store: ObjectStore, namespace: str) -> tuple[str, bool]:
    """Return the store's host, with a port if it is not the default, and whether it is reached by plain HTTP."""
    if store.kind == "minio":
        return f"{service_host(MINIO, namespace)}:{MINIO_PORT}", True
    if store.endpoint is not None:
        return store.endpoint, store.plain_http
    return s3_host(store.region), False
