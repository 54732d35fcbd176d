"""The rendered Tempo in microservices mode as separate processes on this machine, each with its own address.

Only addresses, folders and retention times differ from the rendered config. The machine's loopback network has
16 million addresses, so every process keeps its usual ports.
"""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc
import yaml
from opentelemetry.proto.collector.trace.v1.trace_service_pb2_grpc import TraceServiceStub

from plan.limits import checked_plan
from render.files import render
from render.names import MINIO_PORT, OTLP_GRPC_PORT, TEMPO_ADDRESS_VARIABLE, TEMPO_GRPC_PORT, TEMPO_HTTP_PORT
from settings.stack import StackSettings
from tests.cluster.tempo_api import TempoApi
from tests.cluster.traffic import Trace, whole
from tests.support.processes import Processes, processes
from tests.support.stacks import ABSENT, PLAINTEXT, merge, settings_of
from tests.support.tools import system_program, tempo_of
from tests.support.waiting import eventually
from tests.tools import prometheus
from tests.tools.loopback import address, answers, direct_session
from tests.tools.store import start_store

TENANTS = ("team-a", "team-b")
INGESTERS = ("ingester-0", "ingester-1", "ingester-2")
_NAMES = (*INGESTERS, "distributor", "querier", "query-frontend", "compactor", "metrics-generator")
ADDRESS: Mapping[str, str] = {name: address(20 + number) for number, name in enumerate(_NAMES)}
_MINIO, _MEMCACHED = address(10), address(11)
# A ring member counts as ready some time after it has joined; eight start at once on two processors.
_READY_SECONDS = 180.0
_SEND_SECONDS = 30.0
# Also the retention of the long-term tier, and the longest that `detailed_seconds` may be.
HOUR_SECONDS = 3600
# The age from which the bucket answers TraceQL metrics.
METRICS_RECENT_SECONDS = 20
_QUICK: Mapping[str, Any] = {
    # Counted from the block's last span, so that a busy machine has time to write it, flush it and poll for it.
    "ingester": {"max_block_duration": "10s", "complete_block_timeout": "60s"},
    "compactor": {
        "compaction": {
            # Longer than a poll: a querier must not look for a block that is gone.
            "compacted_block_retention": "20s",
            "compaction_cycle": "5s",
        },
        # A compactor is not ready until its ring has been stable for a while; here there is only one.
        "ring": {"wait_stability_min_duration": "5s"},
    },
    "storage": {"trace": {"blocklist_poll": "5s"}},
    "metrics_generator": {
        "processor": {"local_blocks": {"max_block_duration": "5s", "complete_block_timeout": "60s"}}
    },
    "query_frontend": {
        "search": {"query_backend_after": "10s", "query_ingesters_until": "75s"},
        "metrics": {"query_backend_after": f"{METRICS_RECENT_SECONDS}s"},
    },
}


def cluster_settings(changes: Mapping[str, Any] | None = None) -> StackSettings:
    """Return prod's settings with two tenants, a store on this machine, and changes."""
    store = {"object_store.kind": "s3_compatible", "object_store.endpoint": f"{_MINIO}:{MINIO_PORT}"}
    return settings_of(
        "prod",
        store
        | {
            "object_store.plain_http": True,
            "object_store.encryption": "none",
            "object_store.aws": ABSENT,
            "images.object_store_client": {"repository": "quay.io/minio/mc", "tag": "1"},
            "tenants.namespaces": list(TENANTS),
            "grafana.prometheus_url": f"http://{prometheus.HOST}:9090",
            # Tempo's metrics are what these tests are about.
            "span_metrics.source": "tempo",
        }
        | tempo_of(2).settings
        | PLAINTEXT
        | dict(changes or {}),
    )


@dataclass(frozen=True)
class TempoCluster:
    """A running Tempo; `running` holds its processes, `distributor` accepts spans."""

    running: Processes
    distributor: grpc.Channel

    def kill(self, name: str) -> None:
        """Kill one process."""
        self.running.kill(name)

    def send(self, tenant: str, count: int) -> list[bytes]:
        """Send failed traces to a tenant, ten per request like a gateway's batches, and return their ids."""
        planned = [Trace(secrets.token_bytes(16), "failed") for _ in range(count)]
        stub = TraceServiceStub(self.distributor)  # type: ignore[no-untyped-call]
        for start in range(0, count, 10):
            answer = stub.Export(
                whole(planned[start : start + 10], "microservices"),
                timeout=_SEND_SECONDS,
                wait_for_ready=True,
                metadata=(("x-scope-orgid", tenant),),
            )
            assert not answer.partial_success.rejected_spans
        return [trace.id for trace in planned]

    @contextmanager
    def api(self, tenant: str) -> Iterator[TempoApi]:
        """Connect to the query frontend as a tenant."""
        with direct_session() as session:
            session.headers["X-Scope-OrgID"] = tenant
            yield TempoApi(_url("query-frontend"), session)


@contextmanager
def tempo_cluster(folder: Path, detailed_seconds: int) -> Iterator[TempoCluster]:
    """Run MinIO, memcached, Prometheus and every process of Tempo until the end of the block.

    Traces stay for `detailed_seconds`, those of the long-term tier for an hour.
    """
    settings = cluster_settings()
    with processes(folder) as running:
        keys = start_store(running, f"{_MINIO}:{MINIO_PORT}", settings.object_store.bucket)
        running.start("memcached", [system_program("memcached"), "-u", "nobody", "-l", _MEMCACHED], {})
        prometheus.start_prometheus(running)
        rendered = render(settings, checked_plan(settings))
        overrides = _kept_for(detailed_seconds, rendered.tempo_overrides)
        for name in _NAMES:
            _start(running, name, rendered.tempo, overrides, keys)
        eventually(lambda: _all_ready(running), "every process of Tempo is ready", _READY_SECONDS)
        with grpc.insecure_channel(f"{ADDRESS['distributor']}:{OTLP_GRPC_PORT}") as channel:
            yield TempoCluster(running, channel)


def _start(running: Processes, name: str, config: str, overrides: str, keys: Mapping[str, str]) -> None:
    folder = running.folder / name
    folder.mkdir()
    (folder / "overrides.yaml").write_text(overrides, encoding="utf-8")
    (folder / "tempo.yaml").write_text(yaml.safe_dump(_config(name, config, folder)), encoding="utf-8")
    target = "ingester" if name in INGESTERS else name
    flags = [
        f"-config.file={folder}/tempo.yaml",
        "-config.expand-env=true",
        f"-target={target}",
        f"-ingester.lifecycler.ID={name}",
    ]
    # Only 2.x has ingesters and compactors.
    running.start(name, [tempo_of(2).program, *flags], {**keys, TEMPO_ADDRESS_VARIABLE: ADDRESS[name]})


def _kept_for(detailed_seconds: int, overrides: str) -> str:
    """Return rendered limits with other retention times."""
    for rendered, here in (("168h", f"{detailed_seconds}s"), ("720h", f"{HOUR_SECONDS}s")):
        assert f"block_retention: {rendered}\n" in overrides
        overrides = overrides.replace(f"block_retention: {rendered}\n", f"block_retention: {here}\n")
    return overrides


def _config(name: str, rendered: str, folder: Path) -> dict[str, Any]:
    """Return the rendered configuration with the addresses, folders and times of one process here."""
    config = merge(merge(yaml.safe_load(rendered), _QUICK), _addresses(name, folder))
    for cache in config["cache"]["caches"]:
        # By address: the servers' names are in no DNS of this machine.
        del cache["memcached"]["host"], cache["memcached"]["service"]
        cache["memcached"]["addresses"] = f"{_MEMCACHED}:11211"
    return config


def _addresses(name: str, folder: Path) -> dict[str, Any]:
    """Return a process's listen addresses, the members it joins, and its folders."""
    here = ADDRESS[name]
    ring = {"instance_id": name}
    return {
        "server": {"http_listen_address": here, "grpc_listen_address": here},
        "memberlist": {"join_members": sorted(ADDRESS.values())},
        "distributor": {
            "ring": ring,
            "receivers": {
                "otlp": {"protocols": {"grpc": {"endpoint": f"{here}:4317"}, "http": {"endpoint": f"{here}:4318"}}}
            },
        },
        "compactor": {"ring": ring},
        "metrics_generator": {
            "ring": ring,
            "storage": {"path": f"{folder}/generator"},
            "traces_storage": {"path": f"{folder}/generator-traces"},
        },
        "querier": {"frontend_worker": {"frontend_address": f"{ADDRESS['query-frontend']}:{TEMPO_GRPC_PORT}"}},
        "storage": {"trace": {"wal": {"path": f"{folder}/wal"}}},
        "overrides": {"per_tenant_override_config": f"{folder}/overrides.yaml"},
    }


def _all_ready(running: Processes) -> bool:
    running.assert_alive()
    return all(answers(f"{_url(name)}/ready") for name in _NAMES)


def _url(name: str) -> str:
    return f"http://{ADDRESS[name]}:{TEMPO_HTTP_PORT}"
