"""Dashboards in ConfigMaps that the sidecar beside Grafana collects."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
from pulumi_kubernetes.core import v1 as core
from pulumi_kubernetes.meta import v1 as meta

from components.context import Context
from components.kubernetes.labels import labels

# By which kube-prometheus-stack's sidecar, and the platform's, selects ConfigMaps of all namespaces.
_SELECTED = {"grafana_dashboard": "1"}
# Where the sidecar reads the folder from, if `sidecar.dashboards.folderAnnotation` names it.
_FOLDER = "grafana_folder"
COMPONENT = "tracing-dashboards"


@dataclass(frozen=True, kw_only=True)
class DashboardsArgs:
    """`files` are dashboards as JSON, by file name; the sidecar needs names that are unique in the cluster."""

    context: Context
    files: Mapping[str, str]


class Dashboards(pulumi.ComponentResource):
    """A ConfigMap for each dashboard, since one holds at most 1 MiB."""

    def __init__(self, name: str, args: DashboardsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create the ConfigMaps."""
        super().__init__("fawkes:tracing:Dashboards", name, None, opts)
        for file, text in args.files.items():
            role = file.removesuffix(".json")
            core.ConfigMap(
                f"{name}-{role}",
                metadata=meta.ObjectMetaArgs(
                    name=f"tracing-{role}",
                    namespace=args.context.namespace,
                    labels=labels(args.context.environment, COMPONENT) | _SELECTED,
                    annotations={_FOLDER: args.context.grafana.folder},
                ),
                data={f"tracing-{file}": text},
                opts=pulumi.ResourceOptions(parent=self),
            )
        self.register_outputs({})
