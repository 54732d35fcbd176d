"""The namespace of everything, under the restricted Pod Security profile."""

from dataclasses import dataclass

import pulumi
from pulumi_kubernetes.core import v1 as core
from pulumi_kubernetes.meta import v1 as meta

from components.kubernetes.labels import labels
from components.protection import stateful_options
from settings.environment import Environment
from settings.project import PROJECT


@dataclass(frozen=True, kw_only=True)
class TracingNamespaceArgs:
    """Name, labels and protection come from the environment."""

    environment: Environment


class TracingNamespace(pulumi.ComponentResource):
    """A namespace that enforces the restricted profile; `kubectl` warns of violations too."""

    name: pulumi.Output[str]

    def __init__(self, name: str, args: TracingNamespaceArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create the namespace."""
        super().__init__("fawkes:tracing:TracingNamespace", name, None, opts)
        environment = args.environment
        namespace = core.Namespace(
            f"{name}-namespace",
            metadata=meta.ObjectMetaArgs(
                name=environment.namespace,
                labels=labels(environment, PROJECT)
                | {f"pod-security.kubernetes.io/{mode}": "restricted" for mode in ("enforce", "warn", "audit")},
            ),
            opts=stateful_options(self, environment),
        )
        self.name = namespace.metadata.name
        self.register_outputs({"name": self.name})
