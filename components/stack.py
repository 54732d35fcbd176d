"""One stack: its settings, what was derived from them, and the namespace that it is deployed to."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pulumi
import pulumi_kubernetes as kubernetes

from components.context import Context
from plan.plan import Plan
from render.files import Rendered
from settings.stack import StackSettings


@dataclass(frozen=True, kw_only=True)
class Stack:
    """The argument of every function that `__main__` composes the stack from.

    `first` are the resources that must exist before any of its components.
    """

    kubernetes: kubernetes.Provider
    namespace: pulumi.Input[str]
    settings: StackSettings
    plan: Plan
    rendered: Rendered
    first: Sequence[pulumi.Resource] = ()

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
        return pulumi.ResourceOptions(providers=[self.kubernetes], depends_on=[*self.first, *depends_on])

    def after(self, *resources: pulumi.Resource) -> "Stack":
        """Return the stack whose further components wait for these resources."""
        return replace(self, first=[*self.first, *resources])
