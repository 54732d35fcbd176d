"""Pods that are not hardened, not bounded or not probed."""

from tests.seeds.seed import Seed, both, drop, put

_POD = "spec.template.spec"
_CONTAINER = f"{_POD}.containers.0"
_COLLECTOR = "ghcr.io/open-telemetry/opentelemetry-collector-releases/opentelemetry-collector-contrib"
_SECURITY = f"{_CONTAINER}.securityContext"

SEEDS = (
    Seed(
        name="a container may gain privileges",
        rule="pods-forbid-privilege-escalation",
        resource="tempo-querier-server",
        says="may gain privileges",
        edits={"tempo-querier-server": put(f"{_SECURITY}.allowPrivilegeEscalation", value=True)},
    ),
    Seed(
        name="a container runs as root",
        rule="pods-run-as-non-root",
        resource="tempo-query-frontend-server",
        says="runs as user 0; the lowest is 10000",
        edits={"tempo-query-frontend-server": put(f"{_SECURITY}.runAsUser", 0)},
    ),
    Seed(
        name="a server's image chooses its user",
        rule="pods-run-as-non-root",
        resource="agent-daemon",
        says="names no user, so its image chooses",
        edits={"agent-daemon": drop(f"{_POD}.securityContext.runAsUser")},
    ),
    Seed(
        name="system calls are not filtered",
        rule="pods-filter-system-calls",
        resource="gateway-server",
        says="has no seccomp profile",
        edits={"gateway-server": drop(f"{_POD}.securityContext.seccompProfile")},
    ),
    Seed(
        name="the agent may sniff the network",
        rule="pods-drop-all-capabilities",
        resource="agent-daemon",
        says="adds the capabilities NET_RAW",
        edits={"agent-daemon": put(f"{_SECURITY}.capabilities.add", ["NET_RAW"])},
    ),
    Seed(
        name="a container keeps the runtime's capabilities",
        rule="pods-drop-all-capabilities",
        resource="tempo-distributor-server",
        says="does not drop all capabilities",
        edits={"tempo-distributor-server": drop(f"{_SECURITY}.capabilities")},
    ),
    Seed(
        name="a container is privileged",
        rule="pods-stay-isolated",
        resource="tempo-compactor-server",
        says="is privileged",
        edits={"tempo-compactor-server": put(f"{_SECURITY}.privileged", value=True)},
    ),
    Seed(
        name="a Pod sets a parameter of the kernel",
        rule="pods-stay-isolated",
        resource="gateway-server",
        says="the kernel parameter net.core.somaxconn",
        edits={
            "gateway-server": put(
                f"{_POD}.securityContext.sysctls", [{"name": "net.core.somaxconn", "value": "4096"}]
            )
        },
    ),
    Seed(
        name="the agent listens on its node",
        rule="pods-stay-off-the-node",
        resource="agent-daemon",
        says="takes port 4317 of the node",
        edits={"agent-daemon": put(f"{_CONTAINER}.ports.0.hostPort", 4317)},
    ),
    Seed(
        name="a Pod shares the network of its node",
        rule="pods-stay-off-the-node",
        resource="tempo-querier-server",
        says="shares the node's network by hostNetwork",
        edits={"tempo-querier-server": put(f"{_POD}.hostNetwork", value=True)},
    ),
    Seed(
        name="the agent's queue is on its node's disk",
        rule="pods-mount-no-node-paths",
        resource="agent-daemon",
        says="volume queue is the node's path /var/lib/otelcol",
        stack="staging",
        edits={
            "agent-daemon": put(f"{_POD}.volumes.1", {"name": "queue", "hostPath": {"path": "/var/lib/otelcol"}})
        },
    ),
    Seed(
        name="a container may change its own files",
        rule="pods-have-read-only-root",
        resource="tempo-memcached-server",
        says="may write to its root file system",
        edits={"tempo-memcached-server": drop(f"{_SECURITY}.readOnlyRootFilesystem")},
    ),
    Seed(
        name="a container may take all memory of its node",
        rule="pods-bound-their-resources",
        resource="tempo-querier-server",
        says="has no limit of memory",
        edits={"tempo-querier-server": drop(f"{_CONTAINER}.resources.limits.memory")},
    ),
    Seed(
        name="nobody knows how much disk a container needs",
        rule="pods-bound-their-resources",
        resource="tempo-distributor-server",
        says="has no limit of ephemeral-storage",
        edits={
            "tempo-distributor-server": both(
                drop(f"{_CONTAINER}.resources.limits.ephemeral-storage"),
                drop(f"{_CONTAINER}.resources.requests.ephemeral-storage"),
            )
        },
    ),
    Seed(
        name="a scratch volume may fill its node's disk",
        rule="pods-bound-scratch-volumes",
        resource="tempo-query-frontend-server",
        says="has no sizeLimit",
        edits={"tempo-query-frontend-server": drop(f"{_POD}.volumes.2.emptyDir.sizeLimit")},
    ),
    Seed(
        name="a Pod is evicted before its scratch volume is full",
        rule="pods-bound-scratch-volumes",
        resource="tempo-querier-server",
        says="the kubelet evicts the Pod",
        edits={"tempo-querier-server": put(f"{_POD}.volumes.2.emptyDir.sizeLimit", "20Gi")},
    ),
    Seed(
        name="a gateway gets spans before it listens",
        rule="pods-have-probes",
        resource="gateway-server",
        says="has no readinessProbe",
        edits={"gateway-server": drop(f"{_CONTAINER}.readinessProbe")},
    ),
    Seed(
        name="an ingester that reads its log is restarted",
        rule="pods-have-probes",
        resource="tempo-ingester-server",
        says="asks /ready, which tells of readiness",
        edits={"tempo-ingester-server": put(f"{_CONTAINER}.livenessProbe.httpGet.path", "/ready")},
    ),
    Seed(
        name="a probe asks a port that is not there",
        rule="pods-have-probes",
        resource="tempo-compactor-server",
        says="asks port https, which is none of the container's",
        edits={"tempo-compactor-server": put(f"{_CONTAINER}.readinessProbe.httpGet.port", "https")},
    ),
    Seed(
        name="an image is whatever is the latest",
        rule="pods-run-pinned-images",
        resource="gateway-server",
        says="in whatever version is the latest",
        edits={"gateway-server": put(f"{_CONTAINER}.image", f"{_COLLECTOR}:latest")},
    ),
    Seed(
        name="an image may be pushed again with other content",
        rule="pods-run-pinned-images",
        resource="tempo-distributor-server",
        says="docker.io/grafana/tempo:2.10.8 without a digest",
        edits={"tempo-distributor-server": put(f"{_CONTAINER}.image", "docker.io/grafana/tempo:2.10.8")},
    ),
    Seed(
        name="images come from an unknown registry",
        rule="pods-run-pinned-images",
        resource="agent-daemon",
        says="which is of none of these registries: docker.io, ghcr.io, quay.io",
        settings={"images.collector.repository": "registry.example.com/opentelemetry-collector-contrib"},
    ),
    Seed(
        name="Tempo has a token of the API server",
        rule="pods-have-token-only-if-needed",
        resource="tempo-ingester-server",
        says="The Pod gets a token of the API server",
        edits={"tempo-ingester-server": put(f"{_POD}.automountServiceAccountToken", value=True)},
    ),
    Seed(
        name="a Pod runs under the default account",
        rule="pods-have-own-account",
        resource="tempo-memcached-server",
        says="the namespace's default service account",
        edits={"tempo-memcached-server": drop(f"{_POD}.serviceAccountName")},
    ),
    Seed(
        name="gateways have no time to empty their queues",
        rule="pods-have-time-to-stop",
        resource="gateway-server",
        says="killed 5 s after it is told to stop; the shortest time is 60 s",
        edits={"gateway-server": put(f"{_POD}.terminationGracePeriodSeconds", 5)},
    ),
    Seed(
        name="all gateways may run in one zone",
        rule="pods-spread-over-nodes",
        resource="gateway-server",
        says="nodes with the same topology.kubernetes.io/zone",
        edits={"gateway-server": drop(f"{_POD}.topologySpreadConstraints.0")},
    ),
    Seed(
        name="a Job is tried again for hours",
        rule="jobs-end-once",
        resource="store-setup-job",
        says="tried again 20 times",
        stack="dojo",
        edits={"store-setup-job": put("spec.backoffLimit", 20)},
    ),
    Seed(
        name="the cluster deletes a Job of the program",
        rule="jobs-end-once",
        resource="store-setup-job",
        says="a refresh then makes it run again",
        stack="dojo",
        edits={"store-setup-job": put("spec.ttlSecondsAfterFinished", 600)},
    ),
)
