"""Datasources as objects of the Grafana operator, with the values of their headers in a Secret."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi_kubernetes.core import v1 as core

from components.context import Context
from components.grafana.operator import operator_object
from components.kubernetes.scope import Scope
from render.text import Config

COMPONENT = "tracing-datasources"


@dataclass(frozen=True, kw_only=True)
class OperatorDatasourcesArgs:
    """`datasources` have the shape of Grafana's API."""

    context: Context
    datasources: Sequence[Config]


class OperatorDatasources(pulumi.ComponentResource):
    """A GrafanaDatasource for each datasource, and one Secret with what is secret in any of them."""

    def __init__(
        self, name: str, args: OperatorDatasourcesArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Create the objects."""
        super().__init__("fawkes:tracing:OperatorDatasources", name, None, opts)
        scope = Scope(parent=self, name=name, context=args.context, component=COMPONENT)
        secrets: dict[str, str] = {}
        for one in args.datasources:
            # Grafana's uids may have underscores, Kubernetes' names may not.
            role = one["uid"].replace("_", ".")
            spec, secret = _without_secrets(one, role)
            secrets |= secret
            operator_object(scope, "GrafanaDatasource", role, f"tracing-{role}", spec)
        if secrets:
            core.Secret(
                scope.child("secret"),
                metadata=scope.metadata(),
                string_data={key: pulumi.Output.secret(value) for key, value in secrets.items()},
                opts=scope.options,
            )
        self.register_outputs({})


def _without_secrets(datasource: Config, role: str) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the spec of an object that refers to its secrets, and the secrets by their keys.

    The operator replaces `${key}` at each of the paths by the value of that key.
    """
    secrets = {f"{role}.{field}": value for field, value in datasource.get("secureJsonData", {}).items()}
    fields = {key: value for key, value in datasource.items() if key not in {"uid", "secureJsonData"}}
    spec: dict[str, Any] = {"uid": datasource["uid"], "datasource": fields}
    if secrets:
        fields["secureJsonData"] = {key.rpartition(".")[2]: f"${{{key}}}" for key in secrets}
        spec["valuesFrom"] = [
            {
                "targetPath": f"secureJsonData.{key.rpartition('.')[2]}",
                "valueFrom": {"secretKeyRef": {"name": COMPONENT, "key": key}},
            }
            for key in secrets
        ]
    return spec, secrets
