"""Tempo's configuration, in the keys of the 2.10 line."""

from typing import Any

from plan.ingestion import IngestionPlan
from plan.plan import Plan
from render.names import (
    MINIO,
    MINIO_PORT,
    OTLP_GRPC_PORT,
    OTLP_HTTP_PORT,
    TEMPO,
    TEMPO_DATA_FOLDER,
    TEMPO_GRPC_PORT,
    TEMPO_HTTP_PORT,
    service_host,
)
from render.text import Config
from settings.object_store import ObjectStore
from settings.stack import StackSettings

# One name for all rings' members of a microservices Tempo to find each other by.
GOSSIP = f"{TEMPO}-gossip"
# Column layout of blocks: the newest that every 2.x release since 2.5 reads.
_BLOCK_VERSION = "vParquet4"


def tempo_config(settings: StackSettings, plan: Plan) -> Config:
    """Return the whole configuration. Keys of the store are not in it: they are environment variables."""
    config: Config = {
        "target": "all",
        "multitenancy_enabled": settings.tenants.mode == "by_namespace",
        "stream_over_http_enabled": True,
        # Off: it would report to the vendor and write an object of its own into the bucket.
        "usage_report": {"reporting_enabled": False},
        "server": {"http_listen_port": TEMPO_HTTP_PORT, "grpc_listen_port": TEMPO_GRPC_PORT},
        "distributor": {"receivers": {"otlp": _otlp_receiver()}, "ring": _ring(settings)},
        "ingester": _ingester(settings, plan),
        "compactor": _compactor(settings),
        "query_frontend": {"search": _search(settings, plan)},
        "storage": {"trace": _storage(settings)},
        "overrides": {"defaults": _limits(settings, plan.ingestion)},
    }
    return config | _gossip(settings) | _metrics_generator(settings)


def _otlp_receiver() -> Config:
    return {
        "protocols": {
            "grpc": {"endpoint": f"0.0.0.0:{OTLP_GRPC_PORT}"},
            "http": {"endpoint": f"0.0.0.0:{OTLP_HTTP_PORT}"},
        }
    }


def _ring(settings: StackSettings) -> Config:
    """Return how members of a ring find each other; a single process needs no gossip."""
    alone = settings.tempo.deployment_mode == "monolithic"
    return {"kvstore": {"store": "inmemory" if alone else "memberlist"}}


def _gossip(settings: StackSettings) -> Config:
    if settings.tempo.deployment_mode == "monolithic":
        return {}
    namespace = settings.environment.namespace
    return {
        "memberlist": {
            "join_members": [f"dns+{service_host(GOSSIP, namespace)}:7946"],
            # Two Tempos that can reach each other must never become one ring.
            "cluster_label": f"{TEMPO}.{namespace}.{settings.environment.name}",
        }
    }


def _ingester(settings: StackSettings, plan: Plan) -> Config:
    tempo = settings.tempo
    lifecycler: Config = {"ring": _ring(settings) | {"replication_factor": tempo.replication_factor}}
    if tempo.deployment_mode == "monolithic":
        # No other ingester has to learn of this one before it counts as ready.
        lifecycler["min_ready_duration"] = "0s"
    return {
        "trace_idle_period": f"{tempo.trace_idle_seconds}s",
        # Idle traces become searchable when they are found to be idle, so look as often.
        "flush_check_period": f"{tempo.trace_idle_seconds}s",
        "max_block_duration": f"{tempo.max_block_duration_seconds}s",
        # Queriers look here for as long as they may not know the block from the bucket yet.
        "complete_block_timeout": f"{plan.storage.recent_seconds}s",
        "lifecycler": lifecycler,
    }


def _compactor(settings: StackSettings) -> Config:
    """Return retention, and a ring only where there are several compactors to share the work.

    With a ring a lone compactor would wait a minute for others, and Tempo is not ready until then.
    """
    retention = settings.retention
    compaction = {
        "block_retention": f"{retention.detailed_hours}h",
        "compacted_block_retention": f"{retention.compacted_block_hours}h",
    }
    if settings.tempo.deployment_mode == "monolithic":
        return {"compaction": compaction}
    return {"compaction": compaction, "ring": _ring(settings)}


def _search(settings: StackSettings, plan: Plan) -> Config:
    """Return the search limits; ingesters are asked for twice the time after which the bucket is."""
    return {
        "max_duration": f"{settings.tempo.search_window_hours}h",
        "query_backend_after": f"{plan.storage.recent_seconds}s",
        "query_ingesters_until": f"{2 * plan.storage.recent_seconds}s",
    }


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
    return {
        "bucket": store.bucket,
        "endpoint": endpoint,
        "region": store.region,
        "insecure": plain_http,
        # Only Amazon has a host name for each bucket.
        "forcepathstyle": store.kind != "aws_s3",
    }


def store_endpoint(store: ObjectStore, namespace: str) -> tuple[str, bool]:
    """Return host (and port) of the store, and whether it is reached by plain HTTP."""
    if store.kind == "minio":
        return f"{service_host(MINIO, namespace)}:{MINIO_PORT}", True
    if store.endpoint is not None:
        return store.endpoint, store.plain_http
    return f"s3.{store.region}.amazonaws.com", False


def _limits(settings: StackSettings, ingestion: IngestionPlan) -> Config:
    limits: dict[str, Any] = {
        "ingestion": {
            "rate_strategy": "global" if settings.tempo.deployment_mode == "microservices" else "local",
            "rate_limit_bytes": ingestion.rate_limit_bytes,
            "burst_size_bytes": ingestion.burst_size_bytes,
            "max_traces_per_user": ingestion.max_live_traces,
        },
        "global": {"max_bytes_per_trace": settings.tempo.max_trace_bytes},
    }
    if settings.grafana.prometheus_url:
        limits["metrics_generator"] = {"processors": ["service-graphs", "span-metrics"]}
    return limits


def _metrics_generator(settings: StackSettings) -> Config:
    """Return the generator, when there is a Prometheus to write to."""
    url = settings.grafana.prometheus_url
    if not url:
        return {}
    folder = f"{TEMPO_DATA_FOLDER}/generator"
    return {
        "metrics_generator": {
            "ring": _ring(settings),
            "storage": {
                "path": f"{folder}/wal",
                "remote_write": [{"url": f"{url.rstrip('/')}/api/v1/write", "send_exemplars": True}],
            },
            "traces_storage": {"path": f"{folder}/traces"},
        }
    }
