"""Alerts on the gateways' sampler: traces that it gives up, is late with, or keeps against the plan."""

from collections.abc import Iterator

from plan.plan import Plan
from render.collectors.giving_up import CEILING, ORDER_OF_SACRIFICE
from render.grafana import jobs
from render.grafana.promql import grown, rate
from render.grafana.rules.rule import Alert, Group
from render.grafana.thresholds import (
    DECISION_LATENCY_MS,
    KEPT_SHARE_MIN_TRACES_PER_SECOND,
    KEPT_SHARE_TOLERANCE,
    TRACES_IN_FLIGHT_RATIO,
)
from settings.stack import StackSettings

_PREFIX = "otelcol_processor_tail_sampling"


def sampling(settings: StackSettings, plan: Plan) -> Group:
    """Return the group."""
    gateways = jobs.gateways(settings)
    return Group(
        name="tracing-sampling",
        rules=(
            *_given_up(gateways, plan),
            *_above_the_ceiling(gateways, plan),
            *_decisions(gateways),
            *_shares(settings, plan),
        ),
    )


def _given_up(gateways: str, plan: Plan) -> Iterator[Alert]:
    dropped = f"{_PREFIX}_sampling_trace_dropped_too_early_total{{{gateways}}}"
    yield Alert(
        name="TracingTracesDroppedTooEarly",
        expr=f"{grown(dropped, 'pod')} > 0",
        for_seconds=0,
        severity="critical",
        summary="{{ $labels.pod }} gave up {{ $value | humanize }} traces before it decided on them",
        description="They are lost, also those with errors: more traces arrive than the plan has room for.",
        runbook="sampling.md#tracingtracesdroppedtooearly",
    )
    yield Alert(
        name="TracingManyTracesInFlight",
        expr=f"{_PREFIX}_sampling_traces_on_memory{{{gateways}}} / {plan.gateway.traces_in_flight} "
        f"> {TRACES_IN_FLIGHT_RATIO}",
        for_seconds=300,
        severity="warning",
        summary="{{ $labels.pod }} holds {{ $value | humanizePercentage }} of the traces that it is planned for",
        description="Nothing is lost yet. Without memory the gateway refuses spans, which agents keep on disk; "
        f"with more than {plan.gateway.table_traces} traces it gives the oldest up undecided.",
        runbook="sampling.md#tracingmanytracesinflight",
    )


def _above_the_ceiling(gateways: str, plan: Plan) -> Iterator[Alert]:
    dropped = f'{_PREFIX}_count_traces_sampled_total{{{gateways}, decision="dropped", policy'
    *others, last = (f"{CEILING}{name}" for name in ORDER_OF_SACRIFICE)
    any_other = "|".join(others)
    ordinary, failed = f'{dropped}=~"{any_other}"}}', f'{dropped}="{last}"}}'
    yield Alert(
        name="TracingCeilingReached",
        expr=f"{grown(ordinary, 'pod', 'policy')} > 0",
        for_seconds=0,
        severity="warning",
        summary="{{ $labels.pod }} gave up {{ $value | humanize }} traces by {{ $labels.policy }}",
        description=f"More than {plan.ceiling.ordinary} spans/s are worth keeping. No failed trace is lost yet.",
        runbook="sampling.md#tracingceilingreached",
    )
    yield Alert(
        name="TracingFailedTracesGivenUp",
        expr=f"{grown(failed, 'pod')} > 0",
        for_seconds=0,
        severity="critical",
        summary="{{ $labels.pod }} gave up {{ $value | humanize }} traces above its ceiling, failed ones too",
        description=f"More than {plan.ceiling.failed} spans/s of failed traces arrive, which is what everything "
        "behind the gateway is sized for.",
        runbook="sampling.md#tracingfailedtracesgivenup",
    )


def _decisions(gateways: str) -> Iterator[Alert]:
    latency = f"{_PREFIX}_sampling_decision_timer_latency_milliseconds_bucket{{{gateways}}}"
    yield Alert(
        name="TracingDecisionsSlow",
        expr=f"histogram_quantile(0.99, {rate(latency, 'pod', 'le')}) > {DECISION_LATENCY_MS}",
        for_seconds=600,
        severity="warning",
        summary="Decisions of {{ $labels.pod }} take {{ $value | humanize }} ms",
        description="The sampler decides once a second. Later decisions keep traces in memory for longer, "
        "until they "
        "are given up.",
        runbook="sampling.md#tracingdecisionsslow",
    )
    errors = f"{_PREFIX}_sampling_policy_evaluation_error_total{{{gateways}}}"
    yield Alert(
        name="TracingPolicyErrors",
        expr=f"{grown(errors, 'pod')} > 0",
        for_seconds=0,
        severity="warning",
        summary="Sampling policies failed {{ $value | humanize }} times in {{ $labels.pod }}",
        description="A policy that fails keeps nothing: traces that it should keep are lost.",
        runbook="sampling.md#tracingpolicyerrors",
    )


def _shares(settings: StackSettings, plan: Plan) -> Iterator[Alert]:
    counted = f"{_PREFIX}_global_count_traces_sampled_total{{{jobs.gateways(settings)}"
    kept, every = rate(f'{counted}, sampled="true"}}', window="1h"), rate(f"{counted}}}", window="1h")
    enough = f"{every} > {KEPT_SHARE_MIN_TRACES_PER_SECOND}"
    least = settings.sampling.baseline_percentage / 100 * (1 - KEPT_SHARE_TOLERANCE)
    most = plan.traffic.kept_share_in_incident * (1 + KEPT_SHARE_TOLERANCE)
    yield Alert(
        name="TracingKeepsTooLittle",
        expr=f"(({kept} or vector(0)) / {every} and {enough}) < {least:.4g}",
        for_seconds=1800,
        severity="warning",
        summary="{{ $value | humanizePercentage }} of the traces are kept",
        description=f"The baseline alone keeps {settings.sampling.baseline_percentage:g} %. Traces that "
        "people will "
        "look for are lost.",
        runbook="sampling.md#tracingkeepstoolittle",
    )
    if most < 1:
        yield Alert(
            name="TracingKeepsTooMuch",
            expr=f"({kept} / {every} and {enough}) > {most:.4g}",
            for_seconds=3600,
            severity="warning",
            summary="{{ $value | humanizePercentage }} of the traces are kept",
            description=f"The plan allows for {plan.traffic.kept_share_in_incident:.1%} in an incident. "
            "Nothing is "
            "lost; Tempo and the bucket get more than they were sized for.",
            runbook="sampling.md#tracingkeepstoomuch",
        )
