"""More replicas under load, fewer long after it."""

import pulumi
from pulumi_kubernetes.autoscaling import v2 as autoscaling

from components.kubernetes.scope import Scope

# Share of the requested CPU; Tempo's charts scale at it. The remainder absorbs a spike until a new Pod is ready.
_CPU_PERCENTAGE = 60
# Traffic comes in waves of minutes, and each removed Pod costs its clients a connection: scale down after ten
# quiet minutes, one Pod every five.
_QUIET_SECONDS = 600
_SECONDS_PER_POD = 300


def autoscaler(
    scope: Scope, kind: str, min_replicas: int, max_replicas: int
) -> autoscaling.HorizontalPodAutoscaler:
    """Create an autoscaler by CPU for the workload of this kind, which needs the options of `leaving_replicas`.

    It keeps the minimum and the maximum without metrics (`reconcileAutoscaler` in Kubernetes'
    pkg/controller/podautoscaler/horizontal.go), so only what lies between them needs metrics-server.
    """
    return autoscaling.HorizontalPodAutoscaler(
        scope.child("autoscaler"),
        metadata=scope.metadata(),
        spec=autoscaling.HorizontalPodAutoscalerSpecArgs(
            scale_target_ref=autoscaling.CrossVersionObjectReferenceArgs(
                api_version="apps/v1", kind=kind, name=scope.component
            ),
            min_replicas=min_replicas,
            max_replicas=max_replicas,
            metrics=[_by_cpu()],
            behavior=autoscaling.HorizontalPodAutoscalerBehaviorArgs(scale_down=_slowly()),
        ),
        opts=scope.options,
    )


def leaving_replicas(usual: pulumi.ResourceOptions) -> pulumi.ResourceOptions:
    """Return the options of a workload whose number of replicas belongs to its autoscaler once it exists.

    With an ignored field the plugin omits what another manager owns, and repeats the present value of what it
    owns itself. So an `up` neither conflicts with the autoscaler nor gives the field up, upon which the API server
    would reset it to one.
    """
    return pulumi.ResourceOptions.merge(usual, pulumi.ResourceOptions(ignore_changes=["spec.replicas"]))


def _by_cpu() -> autoscaling.MetricSpecArgs:
    target = autoscaling.MetricTargetArgs(type="Utilization", average_utilization=_CPU_PERCENTAGE)
    return autoscaling.MetricSpecArgs(
        type="Resource", resource=autoscaling.ResourceMetricSourceArgs(name="cpu", target=target)
    )


def _slowly() -> autoscaling.HPAScalingRulesArgs:
    return autoscaling.HPAScalingRulesArgs(
        stabilization_window_seconds=_QUIET_SECONDS,
        policies=[autoscaling.HPAScalingPolicyArgs(type="Pods", value=1, period_seconds=_SECONDS_PER_POD)],
    )
