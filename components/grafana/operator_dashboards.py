"""Dashboards and their folder as objects of the Grafana operator."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from components.context import Context
from components.grafana.operator import operator_object
from components.kubernetes.scope import Scope

COMPONENT = "tracing-dashboards"
FOLDER = "tracing"


@dataclass(frozen=True, kw_only=True)
class OperatorDashboardsArgs:
    """`files` are dashboards as JSON, by file name."""

    context: Context
    files: Mapping[str, str]


class OperatorDashboards(pulumi.ComponentResource):
    """A GrafanaFolder, and a GrafanaDashboard in it for each dashboard."""

    def __init__(
        self, name: str, args: OperatorDashboardsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Create the objects."""
        super().__init__("fawkes:tracing:OperatorDashboards", name, None, opts)
        scope = Scope(parent=self, name=name, context=args.context, component=COMPONENT)
        operator_object(scope, "GrafanaFolder", "folder", FOLDER, {"title": args.context.grafana.folder})
        for file, text in args.files.items():
            role = file.removesuffix(".json")
            spec = {"folderRef": FOLDER, "json": text}
            operator_object(scope, "GrafanaDashboard", role, f"tracing-{role}", spec)
        self.register_outputs({})
