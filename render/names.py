"""Names, ports and paths that rendered files and components share."""

from plan.tempo import majors as tempo_majors

# Services, and their DNS names inside the namespace.
AGENT = "otel-agent"
GATEWAY = "otel-gateway"
TEMPO = "tempo"
MINIO = "minio"
# The synthetic check, and the service that its spans name.
SYNTHETIC_CHECK = "tracing-check"
# The Job that configures the bucket of MinIO or of another S3-compatible store, and Tempo's credentials for it.
BUCKET_SETUP = "object-store"
# Headless: queriers connect to every query frontend, ready or not.
QUERY_FRONTEND_DISCOVERY = f"{TEMPO}-query-frontend-discovery"

OTLP_GRPC_PORT = 4317
OTLP_HTTP_PORT = 4318
# Probes and own metrics of each collector; the collector's defaults.
COLLECTOR_HEALTH_PORT = 13133
COLLECTOR_METRICS_PORT = 8888
# Span metrics of the agents, apart from their own: they are scraped with other rules.
SPAN_METRICS_PORT = 8889
# Tempo's defaults.
TEMPO_HTTP_PORT = 3200
TEMPO_GRPC_PORT = 9095
# Membership of the rings in microservices mode; memberlist's default.
TEMPO_GOSSIP_PORT = 7946
MEMCACHED_PORT = 11211
# Clients look up the servers by this name of the port.
MEMCACHED_PORT_NAME = "client"
MINIO_PORT = 9000
# Metrics and probe of the synthetic check.
SYNTHETIC_CHECK_PORT = 8080
# Through which Tempo is read with `access.mode: proxy`: a port for each tier, because a query across both would
# count a trace twice that is in both; and one for the kubelet alone.
ACCESS_PROXY = "access-proxy"
ACCESS_PORT = 8080
ACCESS_LONG_TERM_PORT = 8082
ACCESS_HEALTH_PORT = 8081
# oauth2-proxy's, the first on the Pod's own loopback only.
TOKEN_CHECK_PORT = 4180
TOKEN_CHECK_METRICS_PORT = 44180

# Folders inside the containers; each is a volume, because every root file system is read-only.
COLLECTOR_QUEUE_FOLDER = "/var/lib/otelcol/queue"
TEMPO_DATA_FOLDER = "/var/tempo"
TEMPO_CONFIG_FOLDER = "/etc/tempo"
# A folder of its own: the file of the tenants' limits is updated in place, the configuration never is.
TEMPO_OVERRIDES_FOLDER = "/etc/tempo-overrides"
TEMPO_OVERRIDES_FILE = "overrides.yaml"
MINIO_DATA_FOLDER = "/data"

# The environment variable with the id of the KMS key for blocks, which does not exist yet when the files are
# rendered. Tempo expands the variable in its configuration when started with -config.expand-env=true.
TEMPO_KMS_KEY_VARIABLE = "TEMPO_KMS_KEY_ID"
# The environment variable that lets a process answer gRPC on its HTTP port, which only query frontends need.
TEMPO_STREAM_VARIABLE = "TEMPO_STREAM_OVER_HTTP"
# The environment variable with the Pod's own address, which Kubernetes assigns; expanded in the same way.
TEMPO_ADDRESS_VARIABLE = "POD_IP"

# Whom a Pod's token for Amazon is for, by the way to its role. The first is also the service that assumes it.
# Both are names, not hosts, and the same in every partition.
POD_IDENTITY_AUDIENCE = "pods.eks.amazonaws.com"
IRSA_AUDIENCE = "sts.amazonaws.com"


def every_address(port: int) -> str:
    """Return the endpoint that listens on every address of a Pod, of both families or of the one that there is.

    Go would do the same for `0.0.0.0`, which looks like IPv4 only.
    """
    return f":{port}"


def service_host(name: str, namespace: str) -> str:
    """Return the DNS name of a Service, valid in every namespace of the cluster."""
    return f"{name}.{namespace}.svc"


def headless(name: str) -> str:
    """Return the name of a StatefulSet's governing Service; its clients use a Service with a cluster IP."""
    return f"{name}-headless"


def tempo_component(name: str) -> str:
    """Return the name of the objects of one component of Tempo in microservices mode."""
    return f"{TEMPO}-{name}"


# Tempo's names (`-target=`) of the two components that others connect to.
DISTRIBUTOR = tempo_majors.DISTRIBUTOR
QUERY_FRONTEND = tempo_majors.QUERY_FRONTEND
# The Service through which all processes in microservices mode join the gossip.
TEMPO_GOSSIP = tempo_component("gossip")
MEMCACHED = tempo_component("memcached")
# The ConfigMap of the tenants' limits.
TEMPO_OVERRIDES = tempo_component("overrides")


def tempo_otlp_host(deployment_mode: str) -> str:
    """Return the Service that receives OTLP, for `tempo.deployment_mode`."""
    return TEMPO if deployment_mode == "monolithic" else tempo_component(DISTRIBUTOR)


def tempo_query_host(deployment_mode: str) -> str:
    """Return the Service that answers queries, for `tempo.deployment_mode`."""
    return TEMPO if deployment_mode == "monolithic" else tempo_component(QUERY_FRONTEND)
