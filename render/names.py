"""Names and ports that several rendered texts and components must agree on."""

# Services, and with them the DNS names inside the namespace.
AGENT = "otel-agent"
GATEWAY = "otel-gateway"
TEMPO = "tempo"
MINIO = "minio"

OTLP_GRPC_PORT = 4317
OTLP_HTTP_PORT = 4318
# Where each collector answers probes and shows its own metrics; the collector's own defaults.
COLLECTOR_HEALTH_PORT = 13133
COLLECTOR_METRICS_PORT = 8888
# Tempo's own defaults.
TEMPO_HTTP_PORT = 3200
TEMPO_GRPC_PORT = 9095
MINIO_PORT = 9000

# Folders inside the containers; each is a volume, because every root file system is read-only.
COLLECTOR_QUEUE_FOLDER = "/var/lib/otelcol/queue"
TEMPO_DATA_FOLDER = "/var/tempo"
MINIO_DATA_FOLDER = "/data"


def service_host(name: str, namespace: str) -> str:
    """Return a Service's name as other Pods of any namespace resolve it."""
    return f"{name}.{namespace}.svc"
