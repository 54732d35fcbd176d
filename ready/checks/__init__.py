"""The checks, one a file, in the order of the report."""

from collections.abc import Sequence

from ready.check import Check
from ready.checks import (
    account,
    addresses,
    aws_permissions,
    buckets,
    connection,
    credentials,
    eks_cluster,
    identity,
    kafka,
    metrics_server,
    namespace,
    nodes,
    permissions,
    priority_class,
    prometheus,
    pull_secrets,
    region,
    registries,
    room,
    service_monitors,
    source_addresses,
    storage_class,
)

CHECKS: Sequence[Check] = (
    Check("kubeconfig", connection.check),
    Check("namespace", namespace.check),
    Check("Kubernetes permissions", permissions.check),
    Check("nodes", nodes.check),
    Check("room", room.check),
    Check("StorageClass", storage_class.check),
    Check("PriorityClass", priority_class.check),
    Check("Pods' addresses", addresses.check),
    Check("sender's address", source_addresses.check),
    Check("images", registries.check),
    Check("pull secrets", pull_secrets.check),
    Check("metrics-server", metrics_server.check),
    Check("ServiceMonitors", service_monitors.check),
    Check("Prometheus", prometheus.check),
    Check("Kafka", kafka.check),
    Check("AWS account", account.check),
    Check("AWS region", region.check),
    Check("AWS permissions", aws_permissions.check),
    Check("bucket", buckets.check),
    Check("EKS cluster", eks_cluster.check),
    Check("Pods' role", identity.check),
    Check("Tempo's credentials", credentials.check),
)
