"""Names and ports that several rendered texts and components must agree on."""

# Services, and with them the DNS names inside the namespace.
AGENT = "otel-agent"
GATEWAY = "otel-gateway"
TEMPO = "tempo"
MINIO = "minio"
# Headless: queriers connect to every query-frontend, ready or not.
QUERY_FRONTEND_DISCOVERY = f"{TEMPO}-query-frontend-discovery"

OTLP_GRPC_PORT = 4317
OTLP_HTTP_PORT = 4318
# Where each collector answers probes and shows its own metrics; the collector's own defaults.
COLLECTOR_HEALTH_PORT = 13133
COLLECTOR_METRICS_PORT = 8888
# Tempo's own defaults.
TEMPO_HTTP_PORT = 3200
TEMPO_GRPC_PORT = 9095
# Where the processes of a Tempo of microservices tell each other who they are; memberlist's default.
TEMPO_GOSSIP_PORT = 7946
MEMCACHED_PORT = 11211
MINIO_PORT = 9000

# Folders inside the containers; each is a volume, because every root file system is read-only.
COLLECTOR_QUEUE_FOLDER = "/var/lib/otelcol/queue"
TEMPO_DATA_FOLDER = "/var/tempo"
MINIO_DATA_FOLDER = "/data"


def service_host(name: str, namespace: str) -> str:
    """Return a Service's name as other Pods of any namespace resolve it."""
    return f"{name}.{namespace}.svc"


def tempo_component(name: str) -> str:
    """Return what the objects of one component of a Tempo of microservices are called."""
    return f"{TEMPO}-{name}"


# Tempo's own names (`-target=`) of the two processes that others talk to.
DISTRIBUTOR = "distributor"
QUERY_FRONTEND = "query-frontend"
# The Service that every process of a Tempo of microservices gossips through.
TEMPO_GOSSIP = tempo_component("gossip")
MEMCACHED = tempo_component("memcached")


def tempo_otlp_host(deployment_mode: str) -> str:
    """Return the Service that takes OTLP, for `tempo.deployment_mode`."""
    return TEMPO if deployment_mode == "monolithic" else tempo_component(DISTRIBUTOR)


def tempo_query_host(deployment_mode: str) -> str:
    """Return the Service that answers queries, for `tempo.deployment_mode`."""
    return TEMPO if deployment_mode == "monolithic" else tempo_component(QUERY_FRONTEND)
