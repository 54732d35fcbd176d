"""Panels of the sampler: the traces that it holds, and what deciding takes."""

from collections.abc import Iterator

from plan.plan import Plan
from render.grafana import jobs
from render.grafana.board import Limits, Panel, Query
from render.grafana.panels import or_zero, quantile, rate, runbook
from render.grafana.thresholds import DECISION_LATENCY_MS, TRACES_IN_FLIGHT_RATIO
from settings.stack import StackSettings

PREFIX = "otelcol_processor_tail_sampling"
# A single loss is one too many; the warning is the smallest rate that a window shows.
ANY_LOSS = Limits(warning=0.001, critical=1)
IN_FLIGHT = Limits(warning=TRACES_IN_FLIGHT_RATIO / 2, critical=TRACES_IN_FLIGHT_RATIO)


def in_flight(settings: StackSettings, plan: Plan) -> Iterator[Panel]:
    """Yield the panels of the traces that gateways hold."""
    gateways, most = jobs.gateways(settings), plan.gateway.traces_in_flight
    yield Panel(
        title="Traces in flight by gateway",
        description=f"Share of the planned {most} traces (num_traces). The plan covers the peak with headroom for "
        "the decision wait and two ticks.",
        unit="percentunit",
        queries=(
            Query(
                expr=f"max by (pod) ({PREFIX}_sampling_traces_on_memory{{{gateways}}}) / {most}", legend="{{pod}}"
            ),
        ),
        limits=IN_FLIGHT,
        links=runbook(settings, "sampling.md#tracingmanytracesinflight"),
    )
    age = f"{PREFIX}_sampling_trace_removal_age_seconds_bucket{{{gateways}}}"
    yield Panel(
        title="Age of traces when they leave",
        description=f"Seconds from a trace's first span until it leaves the table. Below the decision wait of "
        f"{settings.sampling.decision_wait_seconds} s the table is full.",
        unit="s",
        queries=tuple(
            Query(expr=quantile(share, age), legend=f"P{share * 100:.0f}") for share in (0.05, 0.5, 0.95)
        ),
    )
    new = rate(f"{PREFIX}_new_trace_id_received_total{{{gateways}}}", "pod")
    planned = plan.gateway.expected_new_traces_per_second
    yield Panel(
        title="New traces by gateway",
        description=f"Traces a second; planned are {planned} for each gateway. If one gets far more than the "
        "others, agents do not know all gateways (Tracing / Collectors).",
        unit="ops",
        queries=(Query(expr=new, legend="{{pod}}"),),
        limits=Limits(warning=planned * TRACES_IN_FLIGHT_RATIO, critical=planned),
    )


def costs(settings: StackSettings) -> Iterator[Panel]:
    """Yield the panels of what deciding takes."""
    gateways = jobs.gateways(settings)
    latency = f"{PREFIX}_sampling_decision_timer_latency_milliseconds_bucket{{{gateways}}}"
    yield Panel(
        title="Duration of a round of decisions",
        description="Each gateway decides once a second, and masks and queues what it keeps in the same round. A "
        "round of more than a second delays the next: give gateways more CPU.",
        unit="ms",
        queries=tuple(
            Query(expr=quantile(share, latency, "pod"), legend=f"{{{{pod}}}} P{share * 100:.0f}")
            for share in (0.5, 0.99)
        ),
        limits=Limits(warning=DECISION_LATENCY_MS / 2, critical=DECISION_LATENCY_MS),
        links=runbook(settings, "sampling.md#tracingdecisionsslow"),
    )
    spent = rate(f"{PREFIX}_sampling_policy_execution_time_sum_microseconds_total{{{gateways}}}", "policy")
    yield Panel(
        title="CPU by policy",
        description="Microseconds that each policy takes in a second, of all gateways together. Text comparisons "
        "cost most.",
        unit="µs",
        queries=(Query(expr=spent, legend="{{policy}}"),),
    )
    yield Panel(
        title="Policies that failed",
        description="Evaluations a second that ended with an error; such a policy keeps nothing. The gateway's "
        "log "
        "names it.",
        unit="ops",
        queries=(
            Query(
                expr=or_zero(rate(f"{PREFIX}_sampling_policy_evaluation_error_total{{{gateways}}}")),
                legend="errors",
            ),
        ),
        limits=ANY_LOSS,
        links=runbook(settings, "sampling.md#tracingpolicyerrors"),
    )
