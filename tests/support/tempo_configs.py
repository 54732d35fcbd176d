"""Tempo's documented configuration keys, and settings for each supported major version."""

from collections.abc import Iterator, Mapping
from typing import Any

from hypothesis import strategies as st

from plan.plan import make_plan
from render.tempo.config import tempo_config
from settings.loader import parse
from settings.project import REPO
from settings.stack import StackSettings
from tests.support.stacks import settings_of
from tests.support.strategies import valid_sections

VERSIONS: Mapping[int, str] = {2: "2.10.8", 3: "3.0.3"}
KAFKA = {"address": "kafka.example:9092"}
# Keys that the configuration pages of both versions document, but their generated manifests omit:
BESIDE_THE_MANIFESTS = {
    # switches, which a manifest omits while they are off;
    "multitenancy_enabled",
    "stream_over_http_enabled",
    "shutdown_delay",
    # the collector's settings, which are free-form for Tempo;
    "distributor.receivers.otlp.protocols.grpc.endpoint",
    "distributor.receivers.otlp.protocols.grpc.max_recv_msg_size_mib",
    "distributor.receivers.otlp.protocols.grpc.keepalive.server_parameters.max_connection_age",
    "distributor.receivers.otlp.protocols.grpc.keepalive.server_parameters.max_connection_age_grace",
    "distributor.receivers.otlp.protocols.http.endpoint",
    *(
        f"distributor.receivers.otlp.protocols.{protocol}.tls.{key}"
        for protocol in ("grpc", "http")
        for key in (
            "cert_file",
            "key_file",
            "min_version",
            "reload_interval",
            "client_ca_file",
            "client_ca_file_reload",
        )
    ),
    # lists and sets that are empty by default, and the keys of their entries;
    "overrides.defaults.metrics_generator.processors",
    "overrides.defaults.metrics_generator.max_active_series",
    # omitted while empty;
    "query_frontend.api_timeout",
    "metrics_generator.registry.inject_tenant_id_as",
    "metrics_generator.storage.remote_write.url",
    "metrics_generator.storage.remote_write.send_exemplars",
    *(f"metrics_generator.storage.remote_write.tls_config.{key}" for key in ("ca_file", "cert_file", "key_file")),
    "cache.caches.roles",
    "cache.caches.memcached.host",
    "cache.caches.memcached.service",
    "cache.caches.memcached.consistent_hash",
    "cache.caches.memcached.timeout",
    # a key that only a tenant's own block sets.
    "overrides.defaults.compaction.block_retention",
}


def documented(major: int) -> set[str]:
    """Return the dotted keys that a major version documents."""
    manifest = REPO / "policies" / "data" / f"tempo-{VERSIONS[major]}-keys.txt"
    lines = manifest.read_text(encoding="utf-8").splitlines()
    return {line.partition("\t")[0] for line in lines if not line.startswith("#")}


def undocumented(config: Mapping[str, Any], major: int) -> set[str]:
    """Return the dotted keys of a configuration that a major version does not document."""
    return set(leaves(config)) - documented(major) - BESIDE_THE_MANIFESTS


def leaves(value: object, path: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield the dotted keys of a configuration that hold a value or a list of values."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, (*path, key))
    elif isinstance(value, list) and any(isinstance(entry, dict) for entry in value):
        for entry in value:
            yield from leaves(entry, path)
    else:
        yield ".".join(path)


def config_of(stack: str, changes: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return Tempo's configuration for a changed stack."""
    settings = settings_of(stack, changes)
    return tempo_config(settings, make_plan(settings))


def of_3(changes: dict[str, Any] | None = None, *, kafka: bool = True) -> dict[str, Any]:
    """Return changes that move a stack to Tempo 3, with or without Kafka."""
    version = {"tempo.version": VERSIONS[3], "images.tempo.tag": VERSIONS[3]}
    return version | ({"tempo.kafka": KAFKA} if kafka else {}) | (changes or {})


@st.composite
def settings_of_major(draw: st.DrawFn, major: int) -> StackSettings:
    """Return valid settings that run a major version of Tempo."""
    sections = draw(valid_sections())
    tempo = sections["tempo"]
    tempo["version"] = sections["images"]["tempo"]["tag"] = VERSIONS[major]
    needs_kafka = major == 3 and tempo["deployment_mode"] == "microservices"
    tempo["kafka"] = (tempo.get("kafka") or KAFKA) if needs_kafka else None
    if tempo["ingesters"] < tempo["replication_factor"] and not needs_kafka:
        tempo |= {"replication_factor": 1, "require_zones": False}
    return parse(sections)


def seconds(duration: str) -> int:
    """Return the number of a duration in whole seconds, like `30s`."""
    return int(duration.removesuffix("s"))
