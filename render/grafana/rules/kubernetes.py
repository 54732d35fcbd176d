"""Alerts on kube-state-metrics and the kubelet: a process that never runs cannot report itself."""

from plan.plan import Plan
from render.grafana import jobs
from render.grafana.rules.rule import Alert, Group
from render.grafana.thresholds import VOLUME_FREE_RATIO
from render.names import GATEWAY
from settings.stack import StackSettings


def kubernetes(settings: StackSettings, plan: Plan) -> Group:  # noqa: ARG001 - groups share one signature
    """Return the group."""
    namespace = f'namespace="{settings.environment.namespace}"'
    restarts = f"increase(kube_pod_container_status_restarts_total{{{namespace}}}[15m])"
    # A Pod that is replaced decides on what it holds; only a container that ends in its Pod was killed.
    killed = f'increase(kube_pod_container_status_restarts_total{{{namespace}, pod=~"{GATEWAY}-.*"}}[15m])'
    held = f"otelcol_processor_tail_sampling_sampling_traces_on_memory{{{jobs.gateways(settings)}}}"
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
                name="TracingGatewayKilled",
                expr=f"max by (pod) (max_over_time({held}[15m])) and on (pod) sum by (pod) ({killed}) > 0",
                for_seconds=0,
                severity="warning",
                summary="{{ $labels.pod }} started again and lost at most {{ $value | humanize }} undecided "
                "traces",
                description="They were in its memory, failed ones among them; no counter survives it. The value "
                "is the most that it held in 15 minutes.",
                runbook="kubernetes.md#tracinggatewaykilled",
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
