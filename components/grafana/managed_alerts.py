"""Grafana-managed alerts in a ConfigMap that the sidecar beside Grafana collects."""

from dataclasses import dataclass

import pulumi
from pulumi_kubernetes.core import v1 as core
from pulumi_kubernetes.meta import v1 as meta

from components.context import Context
from components.kubernetes.labels import labels

# By which the sidecar selects ConfigMaps of alerts, where the chart's `sidecar.alerts.enabled` is set.
_SELECTED = {"grafana_alert": "1"}
COMPONENT = "tracing-alerts"
# Names of files are unique among all that the sidecar collects.
_FILE = "fawkes-tracing-alerts.yaml"


@dataclass(frozen=True, kw_only=True)
class ManagedAlertsArgs:
    """`file` is the text of Grafana's provisioning."""

    context: Context
    file: str


class ManagedAlerts(pulumi.ComponentResource):
    """One ConfigMap: all alerts are some 100 kB, and one holds at most 1 MiB."""

    def __init__(self, name: str, args: ManagedAlertsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create the ConfigMap."""
        super().__init__("fawkes:tracing:ManagedAlerts", name, None, opts)
        core.ConfigMap(
            f"{name}-file",
            metadata=meta.ObjectMetaArgs(
                name=COMPONENT,
                namespace=args.context.namespace,
                labels=labels(args.context.environment, COMPONENT) | _SELECTED,
            ),
            data={_FILE: args.file},
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.register_outputs({})
