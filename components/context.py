"""What all components of a stack share: namespace, environment, monitoring, cluster, registries' credentials."""

from dataclasses import dataclass

import pulumi

from settings.cluster import Cluster
from settings.environment import Environment
from settings.grafana import Grafana


@dataclass(frozen=True, kw_only=True)
class Context:
    """Passed to every component that creates Kubernetes objects; `pull_secrets` are names of Secrets."""

    namespace: pulumi.Input[str]
    environment: Environment
    grafana: Grafana
    cluster: Cluster
    pull_secrets: tuple[str, ...]
