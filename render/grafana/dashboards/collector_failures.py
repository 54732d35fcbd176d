"""Panels of the collectors: losses and refusals, the way from agents to gateways, memory and CPU."""

from collections.abc import Iterator

from plan.plan import Plan
from render.grafana import jobs
from render.grafana.board import Limits, Panel, Query
from render.grafana.panels import or_zero, rate, runbook
from render.grafana.thresholds import MEMORY_NEAR_LIMIT_RATIO
from settings.stack import StackSettings

# A single loss is one too many; the warning is the smallest rate that a window shows.
ANY_LOSS = Limits(warning=0.001, critical=1)


def failures(settings: StackSettings, both: str) -> Iterator[Panel]:
    """Yield the panels of what is lost or refused."""
    agents = jobs.agents(settings)
    losses = (
        ("queue full", "otelcol_exporter_enqueue_failed_spans_total"),
        ("refused for good", "otelcol_exporter_send_failed_spans_total"),
        ("receiver refused", "otelcol_receiver_refused_spans_total"),
        ("memory limiter refused", "otelcol_processor_memory_limiter_refused_spans_total"),
    )
    yield Panel(
        title="Losses and refusals by cause",
        description="Spans a second. `queue full` and `refused for good` are losses in gateways; what a "
        "receiver or "
        "the memory limiter refuses, the sender sends again.",
        unit="cps",
        queries=tuple(Query(expr=or_zero(rate(f"{name}{{{both}}}")), legend=legend) for legend, name in losses),
        limits=ANY_LOSS,
        links=runbook(settings, "queues.md"),
        width=12,
    )
    yield Panel(
        title="Invalid spans dropped",
        description="Spans a second with an all-zero trace or span id, by agent: its node has the sender.",
        unit="cps",
        queries=(
            Query(
                expr=rate(f"otelcol_processor_filter_spans_filtered_total{{{agents}}}", "pod"), legend="{{pod}}"
            ),
        ),
        limits=ANY_LOSS,
        links=runbook(settings, "collectors.md#tracinginvalidspans"),
        width=6,
    )
    yield Panel(
        title="Spans of unknown Pods",
        description="Lookups a second that find no Pod for a sender's address. Such spans get no namespace and go "
        "to the default tenant.",
        unit="ops",
        queries=(
            Query(expr=or_zero(rate(f"otelcol_otelsvc_k8s_ip_lookup_miss_total{{{agents}}}")), legend="misses"),
        ),
        links=runbook(settings, "collectors.md#tracingpodsunknown"),
        width=6,
    )


def balanced(settings: StackSettings) -> Iterator[Panel]:
    """Yield the panels of how agents spread traces over gateways."""
    agents, replicas = jobs.agents(settings), settings.collectors.gateway.replicas
    yield Panel(
        title="Gateways that agents know",
        description=f"Addresses of gateways that each agent found in DNS; {replicas} are configured. Agents that "
        "disagree send the spans of one trace to different gateways.",
        unit="none",
        queries=(Query(expr=f"max by (pod) (otelcol_loadbalancer_num_backends{{{agents}}})", legend="{{pod}}"),),
        limits=Limits(warning=replicas, critical=replicas - 0.5, below=True),
        links=runbook(settings, "collectors.md#tracingbackendsdiffer"),
    )
    outcome = f"otelcol_loadbalancer_backend_outcome_total{{{agents}}}"
    yield Panel(
        title="Requests to each gateway",
        description="Requests a second, by success. Failed ones are sent again; a gateway that refuses for long "
        "holds up all others (docs/loss.md).",
        unit="reqps",
        queries=(
            Query(
                expr=rate(outcome, "exported_endpoint", "success"),
                legend="{{exported_endpoint}} success={{success}}",
            ),
        ),
        links=runbook(settings, "collectors.md#tracingagentdeliveryfailing"),
    )
    resolutions = f"otelcol_loadbalancer_num_resolutions_total{{{agents}}}"
    yield Panel(
        title="DNS resolutions",
        description="Resolutions of the gateways' name a second, by success. Failures at the start are usual; "
        "lasting ones leave agents with gateways that are gone.",
        unit="ops",
        queries=(Query(expr=rate(resolutions, "success"), legend="success={{success}}"),),
    )


def resources(settings: StackSettings, plan: Plan, both: str) -> Iterator[Panel]:
    """Yield the panels of memory, CPU and requests in flight."""
    kinds = (
        ("agents", jobs.agents(settings), settings.collectors.agent.resources.memory_limit_mib),
        ("gateways", jobs.gateways(settings), plan.gateway.memory_limit_mib),
    )
    for name, job, limit_mib in kinds:
        memory = f"max by (pod) (otelcol_process_memory_rss_bytes{{{job}}})"
        yield Panel(
            title=f"Memory of {name}",
            description=f"Share of the limit of {limit_mib} MiB that each process holds. Above 60 % the memory "
            "limiter refuses spans, at 100 % the kernel ends the process.",
            unit="percentunit",
            queries=(Query(expr=f"{memory} / {limit_mib * 2**20}", legend="{{pod}}"),),
            limits=Limits(warning=0.6, critical=MEMORY_NEAR_LIMIT_RATIO),
            links=runbook(settings, "collectors.md"),
        )
    yield Panel(
        title="CPU",
        description="Cores that each collector uses. Above its request a node may take the rest back.",
        unit="none",
        queries=(Query(expr=rate(f"otelcol_process_cpu_seconds_total{{{both}}}", "pod"), legend="{{pod}}"),),
    )
    yield Panel(
        title="Requests in flight",
        description="Requests of each exporter that wait for an answer. A number that does not return to 0 is a "
        "request that Tempo takes too long for (docs/loss.md).",
        unit="none",
        queries=(
            Query(
                expr=f"max by (pod, exporter) (otelcol_exporter_in_flight_requests{{{both}}})",
                legend="{{pod}} {{exporter}}",
            ),
        ),
        width=24,
        links=runbook(settings, "queues.md#tracingdeliverystuck"),
    )
