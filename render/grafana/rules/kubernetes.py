"""Alerts on kube-state-metrics and the kubelet: a process that never runs cannot report itself."""

from plan.plan import Plan
from render.grafana.rules.rule import Alert, Group
from render.grafana.thresholds import VOLUME_FREE_RATIO
from settings.stack import StackSettings


def kubernetes(settings: StackSettings, plan: Plan) -> Group:  # noqa: ARG001 - groups share one signature
    """Return the group."""
    namespace = f'namespace="{settings.environment.namespace}"'
    restarts = f"increase(kube_pod_container_status_restarts_total{{{namespace}}}[15m])"
    free, size = (f"kubelet_volume_stats_{part}_bytes{{{namespace}}}" for part in ("available", "capacity"))
    return Group(
        name="tracing-kubernetes",
        rules=(
            Alert(
                name="TracingContainerRestarting",
                expr=f"sum by (pod, container) ({restarts}) > 2",
                for_seconds=0,
                severity="critical",
                summary="{{ $labels.container }} of {{ $labels.pod }} restarted {{ $value | humanize }} "
                "times in 15 "
                "minutes",
                description="A collector that does not start with a damaged queue needs a person; meanwhile "
                "its share "
                "of the spans waits or is lost.",
                runbook="kubernetes.md#tracingcontainerrestarting",
            ),
            Alert(
                name="TracingVolumeFull",
                expr=f"max by (persistentvolumeclaim) ({free} / {size}) < {VOLUME_FREE_RATIO}",
                for_seconds=300,
                severity="critical",
                summary="{{ $value | humanizePercentage }} of the volume {{ $labels.persistentvolumeclaim }} "
                "is free",
                description="A queue that cannot grow loses spans that it accepted; Tempo cannot write its log.",
                runbook="kubernetes.md#tracingvolumefull",
            ),
        ),
    )
