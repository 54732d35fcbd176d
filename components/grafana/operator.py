"""What all objects of the Grafana operator have in common."""

from collections.abc import Mapping
from typing import Any

from pulumi_kubernetes.apiextensions import CustomResource

from components.kubernetes.scope import Scope

_API_VERSION = "grafana.integreatly.org/v1beta1"


def operator_object(scope: Scope, kind: str, role: str, name: str, spec: Mapping[str, Any]) -> CustomResource:
    """Create an object of a kind for the Grafana that the settings select, in whatever namespace that is."""
    return CustomResource(
        scope.child(role),
        api_version=_API_VERSION,
        kind=kind,
        metadata=scope.metadata(name),
        spec={
            "instanceSelector": {"matchLabels": {"dashboards": scope.context.grafana.operator_instance}},
            "allowCrossNamespaceImport": True,
            **spec,
        },
        opts=scope.options,
    )
