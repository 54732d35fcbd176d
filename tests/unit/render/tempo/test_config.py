"""Tempo's configuration: documented keys only, and each setting where Tempo looks for it."""

from typing import Any

import pytest
from hypothesis import given

from plan.plan import make_plan
from render.tempo.config import store_endpoint, tempo_config
from render.tempo.overrides import tenant_overrides
from settings.stack import StackSettings
from tests.support.stacks import ABSENT, settings_of
from tests.support.tempo_configs import config_of, documented, of_3, seconds, settings_of_major, undocumented

OWN_ENDPOINT = {
    "object_store.kind": "s3_compatible",
    "object_store.minio": ABSENT,
    "object_store.endpoint": "store.internal:8333",
    "images.object_store": ABSENT,
}


def test_the_manifest_is_whole() -> None:
    assert len(documented(2)) == 1096
    assert "ingester.trace_idle_period" in documented(2)


@given(settings=settings_of_major(2))
def test_every_key_is_documented_for_the_version(settings: StackSettings) -> None:
    assert undocumented(tempo_config(settings, make_plan(settings)), 2) == set()


@given(settings=settings_of_major(2))
def test_recent_data_is_never_out_of_reach(settings: StackSettings) -> None:
    config = tempo_config(settings, make_plan(settings))
    kept = seconds(config["ingester"]["complete_block_timeout"])
    assert kept >= 2 * settings.tempo.blocklist_poll_seconds
    block = seconds(config["ingester"]["max_block_duration"])
    assert seconds(config["query_frontend"]["search"]["query_ingesters_until"]) >= block + kept
    assert seconds(config["query_frontend"]["search"]["query_backend_after"]) <= kept


def test_retention_is_tempos_own_work() -> None:
    """Each tenant's is in the overrides; this one is for a tenant that they lack, and must never delete early."""
    assert config_of("prod")["compactor"]["compaction"] == {
        "block_retention": "8760h",
        "compacted_block_retention": "1h",
    }


@pytest.mark.parametrize(("poll", "remembered"), [(1200, None), (1800, "5400s"), (3600, "10800s")])
def test_2_10_finds_no_fault_with_a_slow_poll(poll: int, remembered: str | None) -> None:
    """2.10 requires that its scheduler remembers more than two polls, an hour by default, even if none runs."""
    config = config_of("prod", {"tempo.blocklist_poll_seconds": poll, "retention.compacted_block_hours": 3})
    assert config.get("backend_scheduler") == (remembered and {"work": {"prune_age": remembered}})


@given(settings=settings_of_major(2))
def test_limits_come_from_the_plan(settings: StackSettings) -> None:
    plan = make_plan(settings)
    limits = tenant_overrides(settings, plan)["overrides"]["*"]["ingestion"]
    assert (limits["rate_limit_bytes"], limits["burst_size_bytes"], limits["max_traces_per_user"]) == (
        plan.ingestion.rate_limit_bytes,
        plan.ingestion.burst_size_bytes,
        plan.ingestion.max_live_traces,
    )


def test_several_distributors_share_a_tenants_rate() -> None:
    """Tempo reads the strategy from the defaults only, whatever a tenant's block says."""
    strategies = {stack: config_of(stack)["overrides"]["defaults"] for stack in ("dojo", "prod")}
    assert strategies == {
        "dojo": {"ingestion": {"rate_strategy": "local"}},
        "prod": {"ingestion": {"rate_strategy": "global"}},
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"retention.detailed_hours": 240},
        {"retention.long_term_hours": 700},
        {"tenants.namespaces": ["backstage", "argocd", "jenkins", "new-team"]},
        {"load.peak_spans_per_second": 200_000},
        {"tempo.max_trace_bytes": 20_000_000},
    ],
)
@pytest.mark.parametrize("version", [{}, of_3()], ids=["2.10", "3.0"])
def test_no_limit_of_a_tenant_is_in_the_file_that_needs_a_restart(
    changes: dict[str, Any], version: dict[str, Any]
) -> None:
    before, after = (settings_of("prod", version | more) for more in ({}, changes))
    assert tempo_config(before, make_plan(before)) == tempo_config(after, make_plan(after))
    assert tenant_overrides(before, make_plan(before)) != tenant_overrides(after, make_plan(after))


def test_gateways_find_distributors_that_were_added() -> None:
    """Connections to a single process need no maximum age."""
    grpc = {
        stack: config_of(stack)["distributor"]["receivers"]["otlp"]["protocols"]["grpc"]
        for stack in ("prod", "dojo")
    }
    assert grpc["prod"]["keepalive"]["server_parameters"]["max_connection_age"] == "60s"
    assert "keepalive" not in grpc["dojo"]


@pytest.mark.parametrize("stack", ["dojo", "prod"])
def test_who_is_over_a_rate_is_told_when_to_come_again(stack: str) -> None:
    """Without a retry delay a gateway treats the error as permanent and drops the batch."""
    assert config_of(stack)["distributor"]["retry_after_on_resource_exhausted"] == "5s"


@pytest.mark.parametrize("stack", ["dojo", "prod"])
def test_nothing_is_reported_to_the_vendor(stack: str) -> None:
    assert config_of(stack)["usage_report"] == {"reporting_enabled": False}


def test_a_process_that_stops_has_left_its_services_before() -> None:
    """It is unready for a while before it stops; a single process has no replacement to wait for."""
    assert config_of("prod")["shutdown_delay"] == "5s"
    assert "shutdown_delay" not in config_of("dojo")


def test_a_single_ingester_is_ready_without_waiting_for_others() -> None:
    assert config_of("dojo")["ingester"]["lifecycler"]["min_ready_duration"] == "0s"
    assert "min_ready_duration" not in config_of("prod")["ingester"]["lifecycler"]


def test_metrics_lead_back_to_their_traces() -> None:
    (target,) = config_of("prod")["metrics_generator"]["storage"]["remote_write"]
    assert target["send_exemplars"] is True


def test_a_single_process_needs_no_gossip() -> None:
    config = config_of("dojo")
    assert "memberlist" not in config
    assert config["ingester"]["lifecycler"]["ring"]["kvstore"] == {"store": "inmemory"}


def test_two_environments_never_become_one_ring() -> None:
    labels = {config_of(stack)["memberlist"]["cluster_label"] for stack in ("prod", "staging")}
    assert labels == {"tempo.fawkes-observability.prod", "tempo.fawkes-observability.staging"}


@pytest.mark.parametrize(("mode", "enabled"), [("single", False), ("by_namespace", True)])
def test_tenancy_is_on_only_with_tenants(mode: str, enabled: bool) -> None:  # noqa: FBT001 - a table's column
    namespaces = ["one"] if enabled else []
    changes = {"tenants.mode": mode, "tenants.namespaces": namespaces, "retention.long_term_hours": None}
    assert config_of("prod", changes)["multitenancy_enabled"] is enabled


def test_a_tier_of_its_own_is_a_tenant_of_its_own() -> None:
    """Each tenant has one retention, so two tiers require two tenants even in `single` mode."""
    single: dict[str, Any] = {"tenants.mode": "single", "tenants.namespaces": []}
    assert config_of("prod", single)["multitenancy_enabled"] is True
    assert config_of("prod", single | {"retention.long_term_hours": None})["multitenancy_enabled"] is False


def test_one_text_serves_all_processes_of_microservices() -> None:
    """Each process gets its target on its command line; a target in the file would apply to all."""
    config = config_of("prod")
    assert "target" not in config
    worker = config["querier"]["frontend_worker"]
    assert worker["frontend_address"] == "tempo-query-frontend-discovery.fawkes-observability.svc:9095"
    assert config["memberlist"]["join_members"] == ["dns+tempo-gossip.fawkes-observability.svc:7946"]
    rings = (
        config["distributor"],
        config["ingester"]["lifecycler"],
        config["compactor"],
        config["metrics_generator"],
    )
    assert {section["ring"]["kvstore"]["store"] for section in rings} == {"memberlist"}
    assert config["ingester"]["lifecycler"]["ring"]["replication_factor"] == 3


def test_the_cache_holds_what_every_query_reads_but_no_pages_of_data() -> None:
    """Pages of data would evict everything else; a single process has no cache at all."""
    (cache,) = config_of("prod")["cache"]["caches"]
    assert {"bloom", "parquet-footer", "frontend-search"} <= set(cache["roles"])
    assert "parquet-page" not in cache["roles"]
    assert cache["memcached"]["consistent_hash"] is True
    assert "cache" not in config_of("dojo")


def test_no_key_of_the_store_is_in_the_text() -> None:
    """On Amazon S3 Tempo uses the identity of the platform, by the default credential chain."""
    for stack in ("dojo", "prod"):
        assert not {"access_key", "secret_key", "session_token"} & set(config_of(stack)["storage"]["trace"]["s3"])


@pytest.mark.parametrize(
    ("encryption", "asked"),
    [("sse_kms", {"type": "SSE-KMS", "kms_key_id": "${TEMPO_KMS_KEY_ID}"}), ("sse_s3", None)],
)
def test_blocks_are_encrypted_with_the_stacks_own_key(encryption: str, asked: dict[str, str] | None) -> None:
    """The key is created in the same run, so its id comes from an environment variable, which Tempo expands."""
    store = config_of("prod", {"object_store.encryption": encryption})["storage"]["trace"]["s3"]
    assert store.get("sse") == asked


def test_a_trailing_slash_does_not_double_in_the_remote_write_address() -> None:
    config = config_of("prod", {"grafana.prometheus_url": "http://prometheus:9090/"})
    assert (
        config["metrics_generator"]["storage"]["remote_write"][0]["url"] == "http://prometheus:9090/api/v1/write"
    )


@pytest.mark.parametrize(
    ("stack", "changes", "endpoint", "plain_http", "path_style"),
    [
        ("dojo", {}, "minio.fawkes-observability.svc:9000", True, True),
        ("dojo", OWN_ENDPOINT, "store.internal:8333", False, True),
        ("dojo", OWN_ENDPOINT | {"object_store.plain_http": True}, "store.internal:8333", True, True),
        ("prod", {}, "s3.eu-west-1.amazonaws.com", False, False),
        ("prod", {"object_store.region": "cn-north-1"}, "s3.cn-north-1.amazonaws.com.cn", False, False),
        ("prod", {"object_store.region": "us-gov-west-1"}, "s3.us-gov-west-1.amazonaws.com", False, False),
        ("prod", {"object_store.region": "us-iso-east-1"}, "s3.us-iso-east-1.c2s.ic.gov", False, False),
        # Tempo's client would ask us-east-1: tests/tools/test_s3_hosts.py.
        ("prod", {"object_store.region": "ap-southeast-6"}, "S3.ap-southeast-6.amazonaws.com", False, False),
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


@pytest.mark.parametrize("changes", [{}, of_3()], ids=["2.x", "3.x"])
def test_a_search_has_time_for_three_attempts_and_ends_before_its_connection(changes: dict[str, Any]) -> None:
    """By default a connection ends after 30 s, which is the time for one attempt."""
    config = config_of("prod", changes)
    attempt, attempts = 30, 3
    search = seconds(config["query_frontend"]["api_timeout"])
    assert attempt * attempts < search < seconds(config["server"]["http_server_write_timeout"])
