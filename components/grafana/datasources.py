"""Datasources in a Secret that the sidecar beside Grafana collects."""

from dataclasses import dataclass

import pulumi
from pulumi_kubernetes.core import v1 as core
from pulumi_kubernetes.meta import v1 as meta

from components.context import Context
from components.kubernetes.labels import labels

# By which the sidecar selects Secrets and ConfigMaps, as kube-prometheus-stack sets it.
_SELECTED = {"grafana_datasource": "1"}
COMPONENT = "tracing-datasources"
# Names of files are unique among all that the sidecar collects.
_FILE = "fawkes-tracing-datasources.yaml"


@dataclass(frozen=True, kw_only=True)
class DatasourcesArgs:
    """`file` is the text of Grafana's provisioning."""

    context: Context
    file: str


class Datasources(pulumi.ComponentResource):
    """A Secret, because Grafana takes a header's value only beside passwords, with the key of that.

    It is one without tenants, too: turning them on is then a change of the same object.
    """

    def __init__(self, name: str, args: DatasourcesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create the Secret."""
        super().__init__("fawkes:tracing:Datasources", name, None, opts)
        core.Secret(
            f"{name}-secret",
            metadata=meta.ObjectMetaArgs(
                name=COMPONENT,
                namespace=args.context.namespace,
                labels=labels(args.context.environment, COMPONENT) | _SELECTED,
            ),
            string_data={_FILE: pulumi.Output.secret(args.file)},
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.register_outputs({})
