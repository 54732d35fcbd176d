"""Rules in PrometheusRules, which the Prometheus operator gives to the platform's Prometheus."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi
import yaml
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.meta import v1 as meta

from components.context import Context
from components.kubernetes.labels import labels

COMPONENT = "tracing-rules"


@dataclass(frozen=True, kw_only=True)
class PrometheusRulesArgs:
    """`files` are rule files of Prometheus, by file name."""

    context: Context
    files: Mapping[str, str]


class PrometheusRules(pulumi.ComponentResource):
    """A PrometheusRule for each rule file."""

    def __init__(self, name: str, args: PrometheusRulesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create the objects."""
        super().__init__("fawkes:tracing:PrometheusRules", name, None, opts)
        context = args.context
        for file, text in args.files.items():
            role = file.removeprefix("rules-").removesuffix(".yaml")
            spec: dict[str, Any] = yaml.safe_load(text)
            CustomResource(
                f"{name}-{role}",
                api_version="monitoring.coreos.com/v1",
                kind="PrometheusRule",
                metadata=meta.ObjectMetaArgs(
                    name=f"tracing-{role.removeprefix('tracing-')}",
                    namespace=context.namespace,
                    labels=labels(context.environment, COMPONENT)
                    | {"release": context.grafana.prometheus_release},
                ),
                spec=spec,
                opts=pulumi.ResourceOptions(parent=self),
            )
        self.register_outputs({})
