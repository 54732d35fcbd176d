"""One stack: its settings, what was derived from them, and the namespace that it is deployed to."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as kubernetes

from components.context import Context
from plan.plan import Plan
from render.files import Rendered
from settings.stack import StackSettings


@dataclass(frozen=True, kw_only=True)
class Stack:
    """The argument of every function that `__main__` composes the stack from."""

    kubernetes: kubernetes.Provider
    namespace: pulumi.Input[str]
    settings: StackSettings
    plan: Plan
    rendered: Rendered

    @property
    def context(self) -> Context:
        """The part of the stack that every component needs."""
        settings = self.settings
        return Context(
            namespace=self.namespace,
            environment=settings.environment,
            grafana=settings.grafana,
            cluster=settings.cluster,
            pull_secrets=settings.images.pull_secrets,
        )

    def options(self, depends_on: Sequence[pulumi.Resource] = ()) -> pulumi.ResourceOptions:
        """Return the options of a component whose Kubernetes objects are in this stack's cluster."""
        return pulumi.ResourceOptions(providers=[self.kubernetes], depends_on=depends_on)
