"""Sampling: what the gateways keep and give up, why, and whether their memory suffices to decide."""

from collections.abc import Iterator

from plan.plan import Plan
from render.grafana import jobs
from render.grafana.board import Board, Limits, Panel, Query, Row
from render.grafana.panels import STAT_HEIGHT, STAT_WIDTH, firing, or_zero, quantile, rate, runbook
from render.grafana.thresholds import DECISION_LATENCY_MS, TRACES_IN_FLIGHT_RATIO
from settings.stack import StackSettings

_PREFIX = "otelcol_processor_tail_sampling"
_ANY = Limits(warning=0.001, critical=1)
_IN_FLIGHT = Limits(warning=TRACES_IN_FLIGHT_RATIO / 2, critical=TRACES_IN_FLIGHT_RATIO)


def sampling(settings: StackSettings, plan: Plan) -> Board:
    """Return the board."""
    return Board(
        name="sampling",
        title="Tracing / Sampling",
        description="Traces that gateways keep and give up, by policy and cause, and the memory to decide in.",
        rows=(
            Row(title="Now", panels=tuple(_now(settings, plan))),
            Row(title="Kept and given up", panels=tuple(_decisions(settings, plan))),
            Row(title="Traces in flight", panels=tuple(_in_flight(settings, plan))),
            Row(title="Cost of deciding", panels=tuple(_cost(settings))),
        ),
        links=runbook(settings, "sampling.md"),
        annotations=firing(settings),
    )


def _now(settings: StackSettings, plan: Plan) -> Iterator[Panel]:
    gateways = jobs.gateways(settings)
    yield Panel(
        title="New traces",
        description=f"Traces a second whose first span arrived. Each gateway is planned for "
        f"{plan.gateway.expected_new_traces_per_second} a second.",
        unit="ops",
        kind="stat",
        queries=(Query(expr=or_zero(rate(f"{_PREFIX}_new_trace_id_received_total{{{gateways}}}"))),),
        width=STAT_WIDTH,
        height=STAT_HEIGHT,
    )
    yield Panel(
        title="Kept share",
        description=f"Share of decided traces that are kept. Planned are {plan.traffic.kept_share:.1%} usually "
        f"and "
        f"{plan.traffic.kept_share_in_incident:.1%} in an incident; more fills the bucket.",
        unit="percentunit",
        kind="stat",
        queries=(Query(expr=f"{_kept_share(gateways)} or vector(0)"),),
        links=runbook(settings, "sampling.md#tracingkeepstoomuch"),
        width=STAT_WIDTH,
        height=STAT_HEIGHT,
    )
    yield Panel(
        title="Traces in flight",
        description=f"Share of the planned {plan.gateway.traces_in_flight} traces that the fullest gateway holds. "
        "A full table gives up its oldest traces undecided: add gateways, or shorten "
        "sampling.decision_wait_seconds.",
        unit="percentunit",
        kind="stat",
        queries=(
            Query(
                expr=f"max({_PREFIX}_sampling_traces_on_memory{{{gateways}}}) / {plan.gateway.traces_in_flight}"
            ),
        ),
        limits=_IN_FLIGHT,
        width=STAT_WIDTH,
        height=STAT_HEIGHT,
    )
    yield Panel(
        title="Given up undecided",
        description="Traces a second that a full table gave up before their decision: failed ones are among them.",
        unit="ops",
        kind="stat",
        queries=(Query(expr=or_zero(rate(f"{_PREFIX}_sampling_trace_dropped_too_early_total{{{gateways}}}"))),),
        limits=_ANY,
        links=runbook(settings, "sampling.md#tracingtracesdroppedtooearly"),
        width=STAT_WIDTH,
        height=STAT_HEIGHT,
    )


def _decisions(settings: StackSettings, plan: Plan) -> Iterator[Panel]:
    gateways = jobs.gateways(settings)
    by_policy = f"{_PREFIX}_count_traces_sampled_total{{{gateways}, sampled="
    yield Panel(
        title="Kept by policy",
        description="Traces a second that each policy would keep. Several may keep the same trace, so the sum is "
        "more than what is kept.",
        unit="ops",
        queries=(Query(expr=rate(f'{by_policy}"true"}}', "policy"), legend="{{policy}}"),),
    )
    every = f"{_PREFIX}_global_count_traces_sampled_total{{{gateways}}}"
    yield Panel(
        title="Decided by result",
        description="Traces a second by decision: `sampled` is kept, `not_sampled` is given up as the policies "
        "say, "
        "`dropped` by a policy that drops.",
        unit="ops",
        queries=(Query(expr=rate(every, "decision"), legend="{{decision}}"),),
        stacked=True,
    )
    baseline = settings.sampling.baseline_percentage / 100
    yield Panel(
        title="Kept share against the plan",
        description=f"The baseline keeps {settings.sampling.baseline_percentage:g} % of all traces; failed, slow "
        "and named traces come on top. Below the baseline traces are lost before the decision.",
        unit="percentunit",
        queries=(
            Query(expr=_kept_share(gateways), legend="kept"),
            Query(expr=f"vector({baseline:g})", legend="baseline"),
            Query(expr=f"vector({plan.traffic.kept_share:.4g})", legend="planned"),
            Query(expr=f"vector({plan.traffic.kept_share_in_incident:.4g})", legend="planned in an incident"),
        ),
        links=runbook(settings, "sampling.md#tracingkeepstoolittle"),
    )
    yield Panel(
        title="Given up by cause",
        description="Traces a second: `policies` as configured, `table full` undecided, `too large` above the "
        "sampler's limit of a trace. Only the first is meant to happen.",
        unit="ops",
        queries=(
            Query(
                expr=or_zero(rate(f'{every[:-1]}, sampled="false"}}')),
                legend="policies",
            ),
            Query(
                expr=or_zero(rate(f"{_PREFIX}_sampling_trace_dropped_too_early_total{{{gateways}}}")),
                legend="table full",
            ),
            Query(
                expr=or_zero(rate(f"{_PREFIX}_traces_dropped_too_large_total{{{gateways}}}")), legend="too large"
            ),
        ),
        width=12,
    )
    yield Panel(
        title="Late spans",
        description="Spans a second that came after the decision of their trace and followed it, by whether it "
        "was "
        "kept. Many mean that sampling.decision_wait_seconds is shorter than the traces.",
        unit="cps",
        queries=(
            Query(
                expr=or_zero(rate(f'{_early(gateways)}, sampled="true"}}')),
                legend="kept",
            ),
            Query(expr=or_zero(rate(f'{_early(gateways)}, sampled="false"}}')), legend="given up"),
        ),
        width=12,
    )


def _in_flight(settings: StackSettings, plan: Plan) -> Iterator[Panel]:
    gateways, most = jobs.gateways(settings), plan.gateway.traces_in_flight
    yield Panel(
        title="Traces in flight by gateway",
        description=f"Share of the planned {most} traces (num_traces). The plan covers the peak with headroom for "
        "the decision wait and two ticks.",
        unit="percentunit",
        queries=(
            Query(
                expr=f"max by (pod) ({_PREFIX}_sampling_traces_on_memory{{{gateways}}}) / {most}", legend="{{pod}}"
            ),
        ),
        limits=_IN_FLIGHT,
        links=runbook(settings, "sampling.md#tracingmanytracesinflight"),
    )
    age = f"{_PREFIX}_sampling_trace_removal_age_seconds_bucket{{{gateways}}}"
    yield Panel(
        title="Age of traces when they leave",
        description=f"Seconds from a trace's first span until it leaves the table. Below the decision wait of "
        f"{settings.sampling.decision_wait_seconds} s the table is full.",
        unit="s",
        queries=tuple(
            Query(expr=quantile(share, age), legend=f"P{share * 100:.0f}") for share in (0.05, 0.5, 0.95)
        ),
    )
    new = rate(f"{_PREFIX}_new_trace_id_received_total{{{gateways}}}", "pod")
    planned = plan.gateway.expected_new_traces_per_second
    yield Panel(
        title="New traces by gateway",
        description=f"Traces a second; planned are {planned} for each gateway. If one gets far more than the "
        "others, agents do not know all gateways (Tracing / Collectors).",
        unit="ops",
        queries=(Query(expr=new, legend="{{pod}}"),),
        limits=Limits(warning=planned * TRACES_IN_FLIGHT_RATIO, critical=planned),
    )


def _cost(settings: StackSettings) -> Iterator[Panel]:
    gateways = jobs.gateways(settings)
    latency = f"{_PREFIX}_sampling_decision_timer_latency_milliseconds_bucket{{{gateways}}}"
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
    spent = rate(f"{_PREFIX}_sampling_policy_execution_time_sum_microseconds_total{{{gateways}}}", "policy")
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
                expr=or_zero(rate(f"{_PREFIX}_sampling_policy_evaluation_error_total{{{gateways}}}")),
                legend="errors",
            ),
        ),
        limits=_ANY,
        links=runbook(settings, "sampling.md#tracingpolicyerrors"),
    )


def _early(gateways: str) -> str:
    return f"{_PREFIX}_early_releases_from_cache_decision_total{{{gateways}"


def _kept_share(gateways: str) -> str:
    counted = f"{_PREFIX}_global_count_traces_sampled_total{{{gateways}"
    kept, every = rate(f'{counted}, sampled="true"}}'), rate(f"{counted}}}")
    return f"({kept} or 0 * {every}) / ({every} > 0)"
