"""Tempo's configuration: documented keys only, and each setting where Tempo looks for it."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given

from plan.plan import make_plan
from render.tempo import store_endpoint, tempo_config
from settings.stack import StackSettings
from tests.support.stacks import ABSENT, REPO, settings_of
from tests.support.strategies import valid_settings

MANIFEST = REPO / "tests" / "data" / "tempo-2.10.8-keys.txt"
# Documented in the text of the configuration page, but left out of the generated manifest: keys that are
# free-form for Tempo (receivers), empty by default (lists, sets), or only switches of the page's own.
BESIDE_THE_MANIFEST = {
    "multitenancy_enabled",
    "stream_over_http_enabled",
    "distributor.receivers.otlp.protocols.grpc.endpoint",
    "distributor.receivers.otlp.protocols.http.endpoint",
    "overrides.defaults.metrics_generator.processors",
    "metrics_generator.storage.remote_write.url",
    "metrics_generator.storage.remote_write.send_exemplars",
}


def config_of(stack: str, changes: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return Tempo's configuration for a changed stack."""
    settings = settings_of(stack, changes)
    return tempo_config(settings, make_plan(settings))


def documented() -> set[str]:
    """Return the keys that Tempo 2.10.8 documents, dotted."""
    lines = MANIFEST.read_text(encoding="utf-8").splitlines()
    return {line.partition("\t")[0] for line in lines if not line.startswith("#")}


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


def test_the_manifest_is_whole() -> None:
    assert len(documented()) == 1096
    assert "ingester.trace_idle_period" in documented()


@given(settings=valid_settings())
def test_every_key_is_documented_for_the_version(settings: StackSettings) -> None:
    unknown = set(leaves(tempo_config(settings, make_plan(settings)))) - documented() - BESIDE_THE_MANIFEST
    assert unknown == set()


@given(settings=valid_settings())
def test_recent_data_is_never_out_of_reach(settings: StackSettings) -> None:
    config = tempo_config(settings, make_plan(settings))
    kept = seconds(config["ingester"]["complete_block_timeout"])
    assert kept >= 2 * settings.tempo.blocklist_poll_seconds
    assert seconds(config["query_frontend"]["search"]["query_ingesters_until"]) >= kept
    assert seconds(config["query_frontend"]["search"]["query_backend_after"]) <= kept


def seconds(duration: str) -> int:
    """Return a duration of whole seconds as a number."""
    return int(duration.removesuffix("s"))


def test_retention_is_tempos_own_work() -> None:
    assert config_of("prod")["compactor"]["compaction"] == {
        "block_retention": "168h",
        "compacted_block_retention": "1h",
    }


def test_limits_come_from_the_plan() -> None:
    assert config_of("prod")["overrides"]["defaults"] == {
        "ingestion": {
            "rate_strategy": "global",
            "rate_limit_bytes": 41_790_000,
            "burst_size_bytes": 55_720_000,
            "max_traces_per_user": 29_850,
        },
        "global": {"max_bytes_per_trace": 5_000_000},
        "metrics_generator": {"processors": ["service-graphs", "span-metrics"]},
    }


def test_a_single_process_needs_no_gossip() -> None:
    config = config_of("dojo")
    assert "memberlist" not in config
    assert config["ingester"]["lifecycler"]["ring"]["kvstore"] == {"store": "inmemory"}


def test_two_environments_never_become_one_ring() -> None:
    labels = {config_of(stack)["memberlist"]["cluster_label"] for stack in ("prod", "staging")}
    assert labels == {"tempo.fawkes-observability.prod", "tempo.fawkes-observability.staging"}


@pytest.mark.parametrize(("mode", "enabled"), [("single", False), ("by_namespace", True)])
def test_tenancy_is_on_only_with_tenants(mode: str, enabled: bool) -> None:  # noqa: FBT001 - a table's column
    changes = {"tenants.mode": mode, "tenants.namespaces": ["one"] if enabled else []}
    assert config_of("prod", changes)["multitenancy_enabled"] is enabled


def test_without_a_prometheus_the_generator_stays_off() -> None:
    config = config_of("prod", {"grafana.prometheus_url": ABSENT})
    assert "metrics_generator" not in config
    assert "metrics_generator" not in config["overrides"]["defaults"]


def test_a_trailing_slash_does_not_double_in_the_remote_write_address() -> None:
    config = config_of("prod", {"grafana.prometheus_url": "http://prometheus:9090/"})
    assert (
        config["metrics_generator"]["storage"]["remote_write"][0]["url"] == "http://prometheus:9090/api/v1/write"
    )


OWN_ENDPOINT = {
    "object_store.kind": "s3_compatible",
    "object_store.minio": ABSENT,
    "object_store.endpoint": "store.internal:8333",
    "images.object_store": ABSENT,
}


@pytest.mark.parametrize(
    ("stack", "changes", "endpoint", "plain_http", "path_style"),
    [
        ("dojo", {}, "minio.fawkes-observability.svc:9000", True, True),
        ("dojo", OWN_ENDPOINT, "store.internal:8333", False, True),
        ("dojo", OWN_ENDPOINT | {"object_store.plain_http": True}, "store.internal:8333", True, True),
        ("prod", {}, "s3.eu-west-1.amazonaws.com", False, False),
    ],
)
def test_a_store_is_reached_as_its_kind_asks(
    stack: str,
    changes: dict[str, Any],
    endpoint: str,
    plain_http: bool,  # noqa: FBT001 - a table's column
    path_style: bool,  # noqa: FBT001 - a table's column
) -> None:
    store = config_of(stack, changes)["storage"]["trace"]["s3"]
    assert (store["endpoint"], store["insecure"], store["forcepathstyle"]) == (endpoint, plain_http, path_style)
    settings = settings_of(stack, changes)
    assert store_endpoint(settings.object_store, settings.environment.namespace) == (endpoint, plain_http)
