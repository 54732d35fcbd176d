"""Alerts on the collectors' queues, and on what leaves them."""

from collections.abc import Iterator

from plan.plan import Plan
from render.grafana import jobs
from render.grafana.promql import grown
from render.grafana.rules.rule import Alert, Group
from render.grafana.thresholds import QUEUE_FULL_RATIO, QUEUED_BYTES
from settings.stack import StackSettings


def queues(settings: StackSettings, plan: Plan) -> Group:  # noqa: ARG001 - groups share one signature
    """Return the group."""
    return Group(name="tracing-queues", rules=(*_agents(settings), *_gateways(settings)))


def _agents(settings: StackSettings) -> Iterator[Alert]:
    agents = jobs.agents(settings)
    yield Alert(
        name="TracingAgentQueueFilling",
        expr=_filling(agents),
        for_seconds=300,
        severity="critical",
        summary="A queue of {{ $labels.pod }} is {{ $value | humanizePercentage }} full",
        description="Gateways accept spans more slowly than applications on its node send them, or not at "
        "all. When "
        "the queue is full, applications are refused.",
        runbook="queues.md#tracingagentqueuefilling",
    )
    yield Alert(
        name="TracingAgentQueueFull",
        expr=f"{grown(f'otelcol_exporter_enqueue_failed_spans_total{{{agents}}}', 'pod')} > 0",
        for_seconds=0,
        severity="critical",
        summary="{{ $labels.pod }} has no room for {{ $value | humanize }} spans",
        description="Applications were refused. They send the spans again for as long as they keep them.",
        runbook="queues.md#tracingagentqueuefull",
    )
    queued = f"otelcol_exporter_queue_size{{{agents}}}"
    yield Alert(
        name="TracingAgentQueueGone",
        expr=f"max by (pod) (last_over_time({queued}[15m])) > {QUEUED_BYTES} unless on (pod) {queued}",
        # A container that starts again comes back with its queue; a busy node takes a minute for it.
        for_seconds=180,
        severity="critical",
        summary="{{ $labels.pod }} is gone, with {{ $value | humanize1024 }}B that it had not delivered",
        description="An agent's queue is deleted with its Pod. An update or a drained node while no gateway "
        "answers loses what waited there.",
        runbook="queues.md#tracingagentqueuegone",
    )


def _gateways(settings: StackSettings) -> Iterator[Alert]:
    gateways = jobs.gateways(settings)
    yield Alert(
        name="TracingGatewayQueueFilling",
        expr=_filling(gateways),
        for_seconds=300,
        severity="critical",
        summary="A queue of {{ $labels.pod }} is {{ $value | humanizePercentage }} full",
        description="Tempo accepts spans more slowly than {{ $labels.exporter }} receives them, or not at "
        "all. When the queue is full, kept traces are lost.",
        runbook="queues.md#tracinggatewayqueuefilling",
    )
    yield Alert(
        name="TracingGatewayQueueFull",
        expr=f"{grown(f'otelcol_exporter_enqueue_failed_spans_total{{{gateways}}}', 'pod', 'exporter')} > 0",
        for_seconds=0,
        severity="critical",
        summary="{{ $labels.pod }} lost {{ $value | humanize }} kept spans",
        description="The queue of {{ $labels.exporter }} is full. What the sampler keeps from now on is lost.",
        runbook="queues.md#tracinggatewayqueuefull",
    )
    yield Alert(
        name="TracingSpansRefusedForGood",
        expr=f"{grown(f'otelcol_exporter_send_failed_spans_total{{{gateways}}}', 'pod', 'exporter')} > 0",
        for_seconds=0,
        severity="critical",
        summary="Tempo refused {{ $value | humanize }} spans of {{ $labels.pod }} for good",
        description="They are lost, with those of other senders in the same requests. The gateway's log says why.",
        runbook="queues.md#tracingspansrefusedforgood",
    )
    waiting = f"max by (pod, exporter) (otelcol_exporter_in_flight_requests{{{gateways}}})"
    sent = f"max by (pod, exporter) (rate(otelcol_exporter_sent_spans_total{{{gateways}}}[10m]))"
    yield Alert(
        name="TracingDeliveryStuck",
        expr=f"{waiting} > 0 unless {sent} > 0",
        for_seconds=600,
        severity="critical",
        summary="{{ $labels.pod }} delivers nothing to Tempo",
        description="{{ $labels.exporter }} repeats {{ $value }} requests without success, and all others "
        "wait behind "
        "them on disk.",
        runbook="queues.md#tracingdeliverystuck",
    )


def _filling(job: str) -> str:
    """Return the share of each queue that is nearly full and does not become emptier."""
    size, capacity = f"otelcol_exporter_queue_size{{{job}}}", f"otelcol_exporter_queue_capacity{{{job}}}"
    full = f"max by (pod, exporter) ({size} / {capacity}) > {QUEUE_FULL_RATIO}"
    return f"{full} and max by (pod, exporter) (delta({size}[10m])) >= 0"
