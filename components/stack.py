"""One stack: its settings, what was derived from them, and the namespace that it is deployed to."""

from dataclasses import dataclass

import pulumi

from components.context import Context
from plan.plan import Plan
from render.files import Rendered
from settings.stack import StackSettings


@dataclass(frozen=True, kw_only=True)
class Stack:
    """The argument of every function that `__main__` composes the stack from."""

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
