"""Sampling: what the gateways keep and give up, why, and whether their memory suffices to decide."""

from collections.abc import Iterator

from plan.ceiling import FAILED_LEVEL, ORDINARY_LEVEL
from plan.plan import Plan
from render.grafana import jobs
from render.grafana.board import Board, Limits, Panel, Query, Row
from render.grafana.dashboards.sampling_costs import ANY_LOSS, IN_FLIGHT, PREFIX, costs, in_flight
from render.grafana.panels import STAT_HEIGHT, STAT_WIDTH, firing, or_zero, rate, runbook
from settings.stack import StackSettings


def sampling(settings: StackSettings, plan: Plan) -> Board:
    """Return the board."""
    return Board(
        name="sampling",
        title="Tracing / Sampling",
        description="Traces that gateways keep and give up, by policy and cause, and the memory to decide in.",
        rows=(
            Row(title="Now", panels=tuple(_now(settings, plan))),
            Row(title="Kept and given up", panels=tuple(_decisions(settings, plan))),
            Row(title="Traces in flight", panels=tuple(in_flight(settings, plan))),
            Row(title="Cost of deciding", panels=tuple(costs(settings))),
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
        queries=(Query(expr=or_zero(rate(f"{PREFIX}_new_trace_id_received_total{{{gateways}}}"))),),
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
            Query(expr=f"max({PREFIX}_sampling_traces_on_memory{{{gateways}}}) / {plan.gateway.traces_in_flight}"),
        ),
        limits=IN_FLIGHT,
        width=STAT_WIDTH,
        height=STAT_HEIGHT,
    )
    yield Panel(
        title="Given up undecided",
        description="Traces a second that a full table gave up before their decision: failed ones are among them.",
        unit="ops",
        kind="stat",
        queries=(Query(expr=or_zero(rate(f"{PREFIX}_sampling_trace_dropped_too_early_total{{{gateways}}}"))),),
        limits=ANY_LOSS,
        links=runbook(settings, "sampling.md#tracingtracesdroppedtooearly"),
        width=STAT_WIDTH,
        height=STAT_HEIGHT,
    )


def _decisions(settings: StackSettings, plan: Plan) -> Iterator[Panel]:
    gateways = jobs.gateways(settings)
    by_policy = f"{PREFIX}_count_traces_sampled_total{{{gateways}, sampled="
    yield Panel(
        title="Kept by policy",
        description="Traces a second by the first policy that keeps them.",
        unit="ops",
        queries=(Query(expr=rate(f'{by_policy}"true"}}', "policy"), legend="{{policy}}"),),
    )
    every = _every_decision(gateways)
    yield Panel(
        title="Decided by result",
        description="Traces a second by decision: `sampled` is kept, `dropped` is given up by a policy that "
        "drops, which is also the one for traces that nothing keeps.",
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
    yield from _given_up_and_late(settings, gateways, plan)


def _every_decision(gateways: str) -> str:
    return f"{PREFIX}_global_count_traces_sampled_total{{{gateways}}}"


def _given_up_and_late(settings: StackSettings, gateways: str, plan: Plan) -> Iterator[Panel]:
    given_up = f'{PREFIX}_count_traces_sampled_total{{{gateways}, decision="dropped"}}'
    kept = f'{PREFIX}_count_spans_sampled_total{{{gateways}, decision="sampled"}}'
    most = plan.ceiling.failed
    yield Panel(
        title="Kept spans against the ceiling",
        description=f"Spans a second that each gateway keeps, over its ceiling of {most}. From 80 % on ordinary "
        "traces are given up, from 90 % slow, from 95 % named, and failed ones only above it.",
        unit="percentunit",
        queries=(Query(expr=f"{rate(kept, 'pod')} / {most}", legend="{{pod}}"),),
        limits=Limits(warning=ORDINARY_LEVEL, critical=FAILED_LEVEL),
        links=runbook(settings, "sampling.md#tracingceilingreached"),
    )
    yield Panel(
        title="Given up by cause",
        description="Traces a second: `not-kept` is what no policy keeps, `ceiling-…` what is above the ceiling, "
        "`noisy-…` above a service's limit; `table full` is undecided, `too large` above the sampler's limit.",
        unit="ops",
        queries=(
            Query(
                expr=f'{rate(given_up, "policy")} or label_replace(vector(0), "policy", "none", "", "")',
                legend="{{policy}}",
            ),
            Query(
                expr=or_zero(rate(f"{PREFIX}_sampling_trace_dropped_too_early_total{{{gateways}}}")),
                legend="table full",
            ),
            Query(
                expr=or_zero(rate(f"{PREFIX}_traces_dropped_too_large_total{{{gateways}}}")), legend="too large"
            ),
        ),
        width=12,
    )
    yield Panel(
        title="Late spans",
        description="Spans a second that came after the decision to keep their trace and followed it. Many mean "
        "that sampling.decision_wait_seconds is shorter than the traces. Spans that come after the other decision "
        "are decided anew.",
        unit="cps",
        queries=(
            Query(
                expr=or_zero(rate(f'{_early(gateways)}, sampled="true"}}')),
                legend="kept",
            ),
        ),
        width=12,
    )


def _early(gateways: str) -> str:
    return f"{PREFIX}_early_releases_from_cache_decision_total{{{gateways}"


def _kept_share(gateways: str) -> str:
    counted = f"{PREFIX}_global_count_traces_sampled_total{{{gateways}"
    kept, every = rate(f'{counted}, sampled="true"}}'), rate(f"{counted}}}")
    return f"({kept} or 0 * {every}) / ({every} > 0)"
