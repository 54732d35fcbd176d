"""More replicas under load, fewer long after it."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
from pulumi_kubernetes.autoscaling import v2 as autoscaling
from pulumi_kubernetes.meta import v1 as meta

# Share of the CPU that is requested; what Tempo's charts scale at. The rest bears a peak until a new Pod is ready.
_CPU_PERCENTAGE = 60
# Traffic comes in waves of minutes, and each removed Pod costs its clients a connection: ten quiet minutes, then
# one Pod every five.
_QUIET_SECONDS = 600
_SECONDS_A_POD = 300


@dataclass(frozen=True, kw_only=True)
class AutoscalerArgs:
    """What is scaled, by kind and name, and between which numbers of replicas."""

    namespace: pulumi.Input[str]
    labels: Mapping[str, str]
    kind: str
    name: str
    least: int
    most: int


def autoscaler(name: str, parent: pulumi.Resource, args: AutoscalerArgs) -> autoscaling.HorizontalPodAutoscaler:
    """Create an autoscaler by CPU; the workload itself must then not name its replicas."""
    target = autoscaling.CrossVersionObjectReferenceArgs(api_version="apps/v1", kind=args.kind, name=args.name)
    return autoscaling.HorizontalPodAutoscaler(
        name,
        metadata=meta.ObjectMetaArgs(name=args.name, namespace=args.namespace, labels=dict(args.labels)),
        spec=autoscaling.HorizontalPodAutoscalerSpecArgs(
            scale_target_ref=target,
            min_replicas=args.least,
            max_replicas=args.most,
            metrics=[_by_cpu()],
            behavior=autoscaling.HorizontalPodAutoscalerBehaviorArgs(scale_down=_slowly()),
        ),
        opts=pulumi.ResourceOptions(parent=parent),
    )


def _by_cpu() -> autoscaling.MetricSpecArgs:
    target = autoscaling.MetricTargetArgs(type="Utilization", average_utilization=_CPU_PERCENTAGE)
    return autoscaling.MetricSpecArgs(
        type="Resource", resource=autoscaling.ResourceMetricSourceArgs(name="cpu", target=target)
    )


def _slowly() -> autoscaling.HPAScalingRulesArgs:
    return autoscaling.HPAScalingRulesArgs(
        stabilization_window_seconds=_QUIET_SECONDS,
        policies=[autoscaling.HPAScalingPolicyArgs(type="Pods", value=1, period_seconds=_SECONDS_A_POD)],
    )
