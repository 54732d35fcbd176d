"""Names and ports that several rendered texts and components must agree on."""

from plan.tempo import majors as tempo_majors

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
# What Tempo takes at once over OTLP: as much as its processes take from each other. The receiver's default is 4.
TEMPO_LARGEST_MESSAGE_MIB = 16
# Where the processes of a Tempo of microservices tell each other who they are; memberlist's default.
TEMPO_GOSSIP_PORT = 7946
MEMCACHED_PORT = 11211
# Clients find the servers by this name of their port.
MEMCACHED_PORT_NAME = "client"
MINIO_PORT = 9000

# Folders inside the containers; each is a volume, because every root file system is read-only.
COLLECTOR_QUEUE_FOLDER = "/var/lib/otelcol/queue"
TEMPO_DATA_FOLDER = "/var/tempo"
TEMPO_CONFIG_FOLDER = "/etc/tempo"
# In that folder: tenants with limits of their own, beside the configuration.
TEMPO_OVERRIDES_FILE = "overrides.yaml"
MINIO_DATA_FOLDER = "/data"

# The environment variable with the id of the key that blocks are encrypted with: the key exists only after the
# texts are rendered. Tempo puts it in their place when it is started with -config.expand-env=true.
TEMPO_KMS_KEY_VARIABLE = "TEMPO_KMS_KEY_ID"


def service_host(name: str, namespace: str) -> str:
    """Return a Service's name as other Pods of any namespace resolve it."""
    return f"{name}.{namespace}.svc"


def headless(name: str) -> str:
    """Return the Service that governs a StatefulSet whose clients have one with an address of its own."""
    return f"{name}-headless"


def tempo_component(name: str) -> str:
    """Return what the objects of one component of a Tempo of microservices are called."""
    return f"{TEMPO}-{name}"


# Tempo's own names (`-target=`) of the two processes that others talk to.
DISTRIBUTOR = tempo_majors.DISTRIBUTOR
QUERY_FRONTEND = tempo_majors.QUERY_FRONTEND
# The Service that every process of a Tempo of microservices gossips through.
TEMPO_GOSSIP = tempo_component("gossip")
MEMCACHED = tempo_component("memcached")


def tempo_otlp_host(deployment_mode: str) -> str:
    """Return the Service that takes OTLP, for `tempo.deployment_mode`."""
    return TEMPO if deployment_mode == "monolithic" else tempo_component(DISTRIBUTOR)


def tempo_query_host(deployment_mode: str) -> str:
    """Return the Service that answers queries, for `tempo.deployment_mode`."""
    return TEMPO if deployment_mode == "monolithic" else tempo_component(QUERY_FRONTEND)
