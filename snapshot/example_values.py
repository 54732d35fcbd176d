"""Other values of the settings whose type gives none, or not the telling one; they are valid for production.

A setting may have several, which become a row each in docs/changes.md.
"""

from collections.abc import Mapping, Sequence

from snapshot.examples import Given

_DIGEST = "sha256:" + "0123456789abcdef" * 4
_PROVIDER = "arn:aws:iam::123456789012:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE"
_RESOURCES = {
    "cpu_request_millicores": 500,
    "cpu_limit_millicores": 2000,
    "memory_request_mib": 1024,
    "memory_limit_mib": 2048,
}
# What a larger load takes.
_MORE_GATEWAY_CPU = {"collectors.gateway.cpu_request_millicores": 1500}
_MORE_CPU = _MORE_GATEWAY_CPU | {"collectors.agent.resources.cpu_request_millicores": 300}

_MINIO = {"volume_size_gib": 10_000, "resources": _RESOURCES}
_SERVER = {"repository": "docker.io/minio/minio", "tag": "RELEASE.2025-09-07T16-13-09Z"}
_CLIENT = {"repository": "docker.io/minio/mc", "tag": "RELEASE.2025-08-13T08-35-41Z"}
_SECRETS = {
    "agent": "agent-tls",
    "gateway": "gateway-tls",
    "tempo": "tempo-tls",
    "tempo_gossip": "gossip-tls",
}
_HTTPS = {"grafana.prometheus_url": "https://prometheus.monitoring.svc:9090"}
_OAUTH2_PROXY = {"repository": "quay.io/oauth2-proxy/oauth2-proxy", "tag": "v7.15.6", "digest": _DIGEST}
_CADDY = {"repository": "docker.io/library/caddy", "tag": "2.11.9-alpine", "digest": _DIGEST}
_PROXY = {
    "mode": "proxy",
    "issuer_url": "https://login.example.com/realms/fawkes",
    "audience": "grafana",
    "admin_groups": ["platform"],
}


def _proxy(without: str = "") -> dict[str, object]:
    """Return what a stack with the access proxy needs, but for the setting that is the example."""
    access = {f"access.{name}": value for name, value in _PROXY.items() if name != without}
    return access | {"images.oauth2_proxy": _OAUTH2_PROXY, "images.caddy": _CADDY}


EXAMPLES: Mapping[str, Sequence[Given]] = {
    "environment.name": [Given("blue")],
    "environment.team": [Given("another-team")],
    "environment.namespace": [Given("tracing")],
    "cluster.context": [Given("arn:aws:eks:eu-west-1:123456789012:cluster/fawkes-prod")],
    "cluster.storage_class": [Given("gp3")],
    "images.mirror": [Given("registry.example.com/copies")],
    "images.pull_secrets": [Given(["registry"])],
    "images.tempo.repository": [Given("registry.example.com/grafana/tempo")],
    "images.tempo.tag": [Given("2.10.9", {"tempo.version": "2.10.9"})],
    "images.tempo.digest": [Given(_DIGEST)],
    "images.collector.repository": [Given("registry.example.com/otel/opentelemetry-collector-contrib")],
    "images.collector.tag": [Given("0.160.0")],
    "images.collector.digest": [Given(_DIGEST)],
    "images.memcached.repository": [Given("registry.example.com/library/memcached")],
    "images.memcached.tag": [Given("1.6.40-alpine")],
    "images.memcached.digest": [Given(_DIGEST)],
    "images.synthetic_check": [Given(None, {"synthetic_check.enabled": False})],
    "images.synthetic_check.repository": [Given("registry.example.com/library/python")],
    "images.synthetic_check.tag": [Given("3.13-alpine")],
    "images.synthetic_check.digest": [Given(_DIGEST)],
    "images.object_store": [Given(_SERVER)],
    "images.object_store_client": [Given(_CLIENT)],
    "object_store.kind": [
        Given(
            "minio",
            {
                "object_store.minio": _MINIO,
                "object_store.aws": None,
                "object_store.encryption": "sse_s3",
                "images.object_store": _SERVER,
                "images.object_store_client": _CLIENT,
            },
        )
    ],
    "object_store.bucket": [Given("fawkes-tempo-traces-other")],
    "object_store.region": [Given("eu-central-1")],
    "object_store.endpoint": [Given("store.example.com:443")],
    "object_store.minio": [Given(_MINIO)],
    "object_store.aws.identity": [Given("irsa", {"object_store.aws.oidc_provider_arn": _PROVIDER})],
    "object_store.aws.eks_cluster": [Given("fawkes-blue")],
    "object_store.aws.account_id": [Given("123456789012")],
    "object_store.aws.intelligent_tiering_after_days": [Given(1)],
    "object_store.aws.profile": [Given("tracing")],
    "object_store.aws.assume_role_arn": [Given("arn:aws:iam::123456789012:role/deploy")],
    "object_store.aws.oidc_provider_arn": [Given(_PROVIDER)],
    "object_store.aws.glacier_noncurrent_after_days": [Given(1)],
    "object_store.encryption": [Given("sse_s3")],
    "retention.detailed_hours": [Given(240)],
    "retention.long_term_hours": [Given(1440, {"tempo.search_window_hours": 1440})],
    "sampling.baseline_percentage": [Given(11, _MORE_GATEWAY_CPU), Given(50, _MORE_GATEWAY_CPU)],
    "sampling.slow_threshold_ms": [Given(2000)],
    "sampling.failed.grpc_codes": [Given(["UNAVAILABLE"])],
    "sampling.ceiling_spans_per_second": [Given(20_000)],
    "sampling.service_limits": [Given([{"service": "chatty", "kept_spans_per_second": 1000}])],
    "sampling.health_check_paths": [Given(["/healthz"])],
    "sampling.named_users": [Given(["synthetic-check", "auditor"])],
    "sampling.named_services": [Given(["jenkins"])],
    "sampling.named_paths": [Given(["/pay"])],
    "scrubbing.mode": [Given("allow_list")],
    "scrubbing.allowed_keys": [Given(["order.id"], {"scrubbing.mode": "allow_list"})],
    "scrubbing.additional_keys": [Given(["customer.number"])],
    "scrubbing.additional_patterns": [Given(["CUST-[0-9]{8}"])],
    "load.peak_spans_per_second": [Given(110_000, _MORE_CPU), Given(150_000, _MORE_CPU)],
    "tempo.version": [
        Given("2.10.9", {"images.tempo.tag": "2.10.9"}),
        Given("3.0.3", {"images.tempo.tag": "3.0.3", "tempo.kafka": {"address": "kafka:9092"}}),
    ],
    "tempo.deployment_mode": [Given("monolithic", {"tempo.ingesters": 1, "tempo.replication_factor": 1})],
    "tempo.kafka": [Given({"address": "kafka:9092"})],
    "tempo.volume_size_gib": [Given(200)],
    "collectors.agent.priority_class": [Given("platform-agents")],
    "tenants.mode": [Given("single", {"tenants.namespaces": []})],
    "tenants.namespaces": [Given(["backstage", "argocd", "jenkins", "new-team"])],
    "tenants.default_tenant": [Given("others")],
    "tls.otlp": [Given("tls"), Given("plaintext", {"tls.issuer": None})],
    "tls.applications": [
        Given("tls"),
        Given("mutual_tls", {"tls.applications_authority": "applications-ca"}),
    ],
    "tls.span_metrics": [Given("tls")],
    "tls.issuer.name": [Given("another")],
    "tls.issuer.group": [Given("awspca.cert-manager.io")],
    "tls.secrets": [Given(_SECRETS, {"tls.issuer": None})],
    "tls.authority": [Given("tracing-authorities")],
    "tls.applications_authority": [Given("applications-ca", {"tls.applications": "mutual_tls"})],
    "tls.prometheus_authority": [Given("prometheus-ca", _HTTPS)],
    "tls.prometheus_client_certificate": [Given(True, _HTTPS)],
    "network.application_namespaces": [Given(["backstage", "argocd", "jenkins"])],
    "network.prometheus_namespace": [Given("prometheus")],
    "network.dns_addresses": [Given(["10.100.0.10/32"])],
    "network.api_server_addresses": [Given(["10.0.0.0/16"])],
    "network.api_server_ports": [Given([443])],
    "network.external_addresses": [Given(["10.0.0.0/16"])],
    "network.further_ports": [Given([9091])],
    "network.proxy_addresses": [Given(["10.0.0.0/16"])],
    "images.oauth2_proxy": [Given(_OAUTH2_PROXY)],
    "images.caddy": [Given(_CADDY)],
    "access.mode": [Given("proxy", _proxy())],
    "access.issuer_url": [Given("https://login.example.com/realms/fawkes", _proxy("issuer_url"))],
    "access.audience": [Given("grafana", _proxy("audience"))],
    "access.token": [Given("id", _proxy())],
    "access.groups_claim": [Given("roles", _proxy())],
    "access.groups": [Given([{"members_of": "portal", "tenants": ["shared"]}], _proxy())],
    "access.admin_groups": [Given(["platform"], _proxy("admin_groups"))],
    "access.replicas": [Given(3, _proxy())],
    "grafana.namespace": [Given("grafana")],
    "grafana.operator_instance": [Given("traces", {"grafana.provisioning": "operator"})],
    "grafana.folder": [Given("Traces")],
    "grafana.datasources": [Given(["tempo", "prometheus"])],
    "grafana.logs_url": [Given("http://loki.logging.svc:3100", {"grafana.datasources": ["tempo", "logs"]})],
    "grafana.profiles_uid": [Given("pyroscope")],
    "grafana.url": [Given("https://grafana.example.com", {"alerts.delivery": "prometheus_operator"})],
    "grafana.prometheus_url": [Given("http://other:9090")],
    "grafana.service_monitors": [Given(False, {"span_metrics.source": "tempo"})],
    "alerts.runbooks_url": [Given("https://wiki.example.com/tracing/runbooks")],
    "grafana.prometheus_release": [Given("other")],
    "span_metrics.source": [
        Given("tempo"),
        Given("none", {"retention.aggregated_metrics_days": None}),
    ],
    "span_metrics.dimensions": [Given(["http.response.status_code"])],
    "slos.enabled": [Given(False)],
    "slos.services": [
        Given([{"service": "checkout", "availability_percentage": 99.95, "latency_threshold_ms": 256}])
    ],
    "slos.span_kinds": [Given(["server"])],
    "cost.prices_as_of": [Given("2027-01-01")],
}
