"""The parts that all objects of one workload repeat: parent, logical name, namespace, labels."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
from pulumi_kubernetes.meta import v1 as meta

from components.context import Context
from components.kubernetes.labels import labels, selector
from components.protection import stateful_options


@dataclass(frozen=True, kw_only=True)
class Scope:
    """The objects of one workload.

    `name` is the logical name of the component `parent`; its children are called `<name>-<role>`. `component` is
    the workload's `app.kubernetes.io/name` label and, unless another is given, the name of each of its objects.
    """

    parent: pulumi.Resource
    name: str
    context: Context
    component: str

    @property
    def labels(self) -> dict[str, str]:
        """All labels of an object."""
        return labels(self.context.environment, self.component)

    @property
    def selector(self) -> meta.LabelSelectorArgs:
        """The selector of the workload's Pods."""
        return meta.LabelSelectorArgs(match_labels=self.pods)

    @property
    def pods(self) -> dict[str, str]:
        """The labels that select the workload's Pods; these never change."""
        return selector(self.component)

    @property
    def options(self) -> pulumi.ResourceOptions:
        """The options of a child."""
        return pulumi.ResourceOptions(parent=self.parent)

    @property
    def stateful_options(self) -> pulumi.ResourceOptions:
        """The options of a child that holds data."""
        return stateful_options(self.parent, self.context.environment)

    def child(self, role: str) -> str:
        """Return the logical name of the child with this role."""
        return f"{self.name}-{role}"

    def metadata(
        self,
        name: str | None = None,
        annotations: Mapping[str, pulumi.Input[str]] | None = None,
    ) -> meta.ObjectMetaArgs:
        """Return the metadata of an object, named after the workload unless another name is given."""
        return meta.ObjectMetaArgs(
            name=name or self.component,
            namespace=self.context.namespace,
            labels=self.labels,
            annotations=dict(annotations) if annotations else None,
        )

    def unnamed_metadata(self) -> meta.ObjectMetaArgs:
        """Return the metadata of an object whose name is generated, so that a replacement gets another one."""
        return meta.ObjectMetaArgs(namespace=self.context.namespace, labels=self.labels)
