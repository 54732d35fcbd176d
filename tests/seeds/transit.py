"""Traces and metrics that travel in plaintext."""

from tests.seeds.seed import Seed, in_yaml, put

SEEDS = (
    Seed(
        name="Tempo speaks to the store in plaintext",
        rule="transit-encrypts-the-way-to-the-store",
        resource="tempo-config",
        says="sends traces to the store s3.eu-west-1.amazonaws.com in plaintext",
        edits={"tempo-config": in_yaml("data/tempo.yaml", put("storage.trace.s3.insecure", value=True))},
    ),
    Seed(
        name="metrics leave the cluster in plaintext",
        rule="transit-encrypts-remote-write",
        resource="tempo-config",
        says="to the host metrics.example.org in plaintext",
        settings={"grafana.prometheus_url": "http://metrics.example.org:9090"},
    ),
    Seed(
        name="any certificate of the store is accepted",
        rule="transit-verifies-certificates",
        resource="tempo-config",
        says="tls_insecure_skip_verify is true",
        stack="staging",
        edits={
            "tempo-config": in_yaml(
                "data/tempo.yaml", put("storage.trace.s3.tls_insecure_skip_verify", value=True)
            )
        },
    ),
)
