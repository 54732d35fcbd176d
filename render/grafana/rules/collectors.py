"""Alerts on what collectors receive, and on the way from agents to gateways."""

from collections.abc import Iterator

from plan.plan import Plan
from render.grafana import jobs
from render.grafana.promql import grown, rate
from render.grafana.rules.rule import Alert, Group
from render.grafana.thresholds import FAILED_REQUESTS_RATIO
from settings.stack import StackSettings


def collectors(settings: StackSettings, plan: Plan) -> Group:  # noqa: ARG001 - groups share one signature
    """Return the group."""
    return Group(name="tracing-collectors", rules=(*_received(settings), *_routed(settings)))


def _received(settings: StackSettings) -> Iterator[Alert]:
    agents, gateways = jobs.agents(settings), jobs.gateways(settings)
    for kind, job, lost in (
        ("Agent", agents, "Applications on its node send them again, or lose them."),
        ("Gateway", gateways, "Agents keep them on disk and send them again, until their queues are full."),
    ):
        yield Alert(
            name=f"Tracing{kind}RefusesSpans",
            expr=f"{rate(f'otelcol_receiver_refused_spans_total{{{job}}}', 'pod')} > 0",
            for_seconds=600,
            severity="warning",
            summary="{{ $labels.pod }} refuses {{ $value | humanize }} spans a second",
            description=f"Its memory or its queue is full. {lost}",
            runbook=f"collectors.md#tracing{kind.lower()}refusesspans",
        )
    invalid = f'otelcol_processor_filter_spans_filtered_total{{{agents}, filter="filter/invalid"}}'
    yield Alert(
        name="TracingInvalidSpans",
        expr=f"{grown(invalid, 'pod')} > 0",
        for_seconds=0,
        severity="info",
        summary="{{ $labels.pod }} dropped {{ $value | humanize }} spans without a trace or span id",
        description="Only these spans are lost. An application on its node makes them.",
        runbook="collectors.md#tracinginvalidspans",
    )
    missed = f"otelcol_otelsvc_k8s_ip_lookup_miss_total{{{agents}}}"
    yield Alert(
        name="TracingPodsUnknown",
        expr=f"{rate(missed, 'pod', window='10m')} > 0",
        for_seconds=1800,
        severity="warning",
        summary="{{ $labels.pod }} finds no Pod for {{ $value | humanize }} requests a second",
        description="Their spans have no namespace, and belong to the default tenant. A new Pod is unknown for "
        "seconds, not for half an hour.",
        runbook="collectors.md#tracingpodsunknown",
    )


def _routed(settings: StackSettings) -> Iterator[Alert]:
    agents, replicas = jobs.agents(settings), settings.collectors.gateway.replicas
    yield Alert(
        name="TracingBackendsDiffer",
        expr=f"otelcol_loadbalancer_num_backends{{{agents}}} != {replicas}",
        for_seconds=900,
        severity="warning",
        summary=f"{{{{ $labels.pod }}}} sends to {{{{ $value }}}} gateways instead of {replicas}",
        description="Agents that see different gateways split traces, and each part is decided alone.",
        runbook="collectors.md#tracingbackendsdiffer",
    )
    outcome = "otelcol_loadbalancer_backend_outcome_total"
    failed = rate(f'{outcome}{{{agents}, success="false"}}', "exported_endpoint")
    every = rate(f"{outcome}{{{agents}}}", "exported_endpoint")
    yield Alert(
        name="TracingAgentDeliveryFailing",
        expr=f"{failed} / {every} > {FAILED_REQUESTS_RATIO}",
        for_seconds=600,
        severity="warning",
        summary="{{ $value | humanizePercentage }} of the requests to the gateway {{ $labels.exported_endpoint }} "
        "fail",
        description="Agents send them again from disk. Nothing is lost until their queues are full.",
        runbook="collectors.md#tracingagentdeliveryfailing",
    )
