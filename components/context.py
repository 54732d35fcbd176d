"""The namespace, environment and monitoring that all components of a stack share."""

from dataclasses import dataclass

import pulumi

from settings.environment import Environment
from settings.grafana import Grafana


@dataclass(frozen=True, kw_only=True)
class Context:
    """Passed to every component that creates Kubernetes objects."""

    namespace: pulumi.Input[str]
    environment: Environment
    grafana: Grafana
