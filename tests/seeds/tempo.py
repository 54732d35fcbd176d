"""Tempo that loses, mixes up or lays open traces."""

from tests.seeds.seed import Added, Seed, at, drop, in_yaml, put

_FILE = "data/tempo.yaml"
_LIMITS = "data/overrides.yaml"

_SECOND_TEMPO = Added(
    type="kubernetes:core/v1:ConfigMap",
    name="second-tempo-config",
    inputs={
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "second-tempo", "namespace": "fawkes-observability"},
        "data": {"tempo.yaml": "server: {}\ningester: {}\nusage_report: {reporting_enabled: false}\n"},
    },
    like="tempo-config",
)

SEEDS = (
    Seed(
        name="Tempo reports its usage",
        rule="tempo-sends-no-usage-report",
        resource="tempo-config",
        says="lets Tempo report its usage",
        edits={"tempo-config": in_yaml(_FILE, drop("usage_report"))},
    ),
    Seed(
        name="a second Tempo does not separate tenants",
        rule="tempo-separates-tenants",
        resource="second-tempo-config",
        says="every query reads the traces of all tenants",
        added=(_SECOND_TEMPO,),
    ),
    Seed(
        name="a search may read half a year",
        rule="tempo-limits-each-query",
        resource="tempo-config",
        says="A search may read 4380 h",
        edits={"tempo-config": in_yaml(_FILE, put("query_frontend.search.max_duration", "4380h"))},
    ),
    Seed(
        name="TraceQL metrics may read everything",
        rule="tempo-limits-each-query",
        resource="tempo-config",
        says="A TraceQL metrics query has no longest time range",
        edits={"tempo-config": in_yaml(_FILE, put("query_frontend.metrics.max_duration", "0s"))},
    ),
    Seed(
        name="a tenant may have any number of traces in flight",
        rule="tempo-limits-each-tenant",
        resource="tempo-overrides",
        says="The block of tenant jenkins in overrides.yaml sets no ingestion.max_traces_per_user",
        edits={"tempo-overrides": in_yaml(_LIMITS, drop("overrides.jenkins.ingestion.max_traces_per_user"))},
    ),
    Seed(
        name="each trace is on one ingester only",
        rule="tempo-replicates-each-trace",
        resource="tempo-config",
        says="The replication factor of traces in tempo.yaml is 1; at least 3",
        settings={"tempo.replication_factor": 1},
    ),
    Seed(
        name="there are fewer ingesters than copies",
        rule="ingesters-keep-a-quorum",
        resource="tempo-ingester-server",
        says="2 ingesters cannot hold 3 copies",
        edits={"tempo-ingester-server": put("spec.replicas", 2)},
    ),
    Seed(
        name="two ingesters may be evicted at once",
        rule="ingesters-keep-a-quorum",
        resource="tempo-ingester-budget",
        says="It lets 2 ingesters go at once",
        stack="staging",
        edits={"tempo-ingester-budget": put("spec.maxUnavailable", 2)},
    ),
    Seed(
        name="the monolith runs twice",
        rule="tempo-monolith-runs-once",
        resource="tempo-server",
        says="their ring is in memory",
        stack="dojo",
        edits={"tempo-server": put("spec.replicas", 2)},
    ),
    Seed(
        name="a key of Tempo's file is misspelt",
        rule="tempo-knows-every-key",
        resource="tempo-config",
        says="tempo.yaml has ingester.max_block_durations, which Tempo 2 does not know",
        edits={"tempo-config": in_yaml(_FILE, put("ingester.max_block_durations", "1h"))},
    ),
    Seed(
        name="a tenant's limit is misspelt",
        rule="tempo-knows-every-key",
        resource="tempo-overrides",
        says="Tenant argocd: overrides.yaml has read.max_search_durations",
        edits={"tempo-overrides": in_yaml(_LIMITS, put("overrides.argocd.read.max_search_durations", "1h"))},
    ),
    Seed(
        name="the image is of another version than the configuration",
        rule="tempo-knows-every-key",
        resource="tempo-config",
        says="which Tempo 3 does not know, but 2 does",
        stack="staging",
        edits={
            "tempo-querier-server": put("spec.template.spec.containers.0.image", "docker.io/grafana/tempo:3.0.3")
        },
    ),
    Seed(
        name="a flag switches tenants off beside the file",
        rule="tempo-has-its-settings-in-a-file",
        resource="tempo-compactor-server",
        says="by the flag -multitenancy.enabled",
        edits={
            "tempo-compactor-server": at(
                "spec.template.spec.containers.0.args", lambda args: [*args, "-multitenancy.enabled=false"]
            )
        },
    ),
    Seed(
        name="Tempo does not encrypt with the bucket's key",
        rule="tempo-names-the-buckets-key",
        resource="tempo-config",
        says="names no SSE-KMS in sse",
        stack="staging",
        edits={"tempo-config": in_yaml(_FILE, drop("storage.trace.s3.sse"))},
    ),
)
