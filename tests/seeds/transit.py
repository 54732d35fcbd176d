"""Traces and metrics that travel in plaintext."""

from tests.seeds.seed import Seed, drop, in_yaml, put

SEEDS = (
    Seed(
        name="gateways take spans in plaintext",
        rule="transit-encrypts-otlp",
        resource="gateway-config",
        says="Receiver otlp in collector.yaml takes spans by grpc in plaintext",
        edits={"gateway-config": in_yaml("data/collector.yaml", drop("receivers.otlp.protocols.grpc.tls"))},
    ),
    Seed(
        name="agents send in plaintext",
        rule="transit-encrypts-otlp",
        resource="agent-config",
        says="Exporter load_balancing in collector.yaml sends spans in plaintext",
        stack="staging",
        edits={
            "agent-config": in_yaml(
                "data/collector.yaml", put("exporters.load_balancing.protocol.otlp.tls", value={"insecure": True})
            )
        },
    ),
    Seed(
        name="anybody may send to the gateways",
        rule="transit-authenticates-clients",
        resource="gateway-config",
        says="takes spans by grpc from clients without a certificate",
        settings={"tls.otlp": "tls"},
    ),
    Seed(
        name="an ingester takes spans on its HTTP port",
        rule="transit-encrypts-tempo",
        resource="tempo-config",
        says="answer all gRPC methods on its plaintext HTTP port",
        edits={"tempo-config": in_yaml("data/tempo.yaml", put("stream_over_http_enabled", value=True))},
    ),
    Seed(
        name="the gossip is plaintext",
        rule="transit-encrypts-tempo",
        resource="tempo-config",
        says="The gossip in tempo.yaml is plaintext",
        stack="staging",
        edits={"tempo-config": in_yaml("data/tempo.yaml", drop("memberlist.tls_enabled"))},
    ),
    Seed(
        name="a renewed certificate keeps its key",
        rule="certificates-are-renewed",
        resource="certificates-otel-gateway",
        says="privateKey.rotationPolicy is Never",
        edits={"certificates-otel-gateway": put("spec.privateKey.rotationPolicy", value="Never")},
    ),
    Seed(
        name="a certificate for every Service of the cluster",
        rule="certificates-name-own-services",
        resource="certificates-tempo",
        says="It names *.svc",
        edits={"certificates-tempo": put("spec.dnsNames.0", value="*.svc")},
    ),
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
