"""Health of the collectors: what comes in, goes out, waits, fails, and what it costs in memory and CPU."""

from collections.abc import Iterator

from plan.plan import Plan
from render.grafana import jobs
from render.grafana.board import Board, Limits, Panel, Query, Row
from render.grafana.dashboards.collector_failures import ANY_LOSS, balanced, failures, resources
from render.grafana.panels import STAT_HEIGHT, STAT_WIDTH, firing, or_zero, rate, runbook
from render.grafana.thresholds import QUEUE_FULL_RATIO
from settings.stack import StackSettings

QUEUE_LIMITS = Limits(warning=QUEUE_FULL_RATIO / 2, critical=QUEUE_FULL_RATIO)


def collectors(settings: StackSettings, plan: Plan) -> Board:
    """Return the board."""
    both = f'job=~"{settings.environment.namespace}/otel-(agent|gateway)"'
    return Board(
        name="collectors",
        title="Tracing / Collectors",
        description="Spans on their way through agents and gateways: received, sent, waiting and refused.",
        rows=(
            Row(title="Now", panels=tuple(_now(settings))),
            Row(title="Spans", panels=tuple(_spans(settings))),
            Row(title="Queues", panels=tuple(_queues(settings))),
            Row(title="Losses and refusals", panels=tuple(failures(settings, both))),
            Row(title="From agents to gateways", panels=tuple(balanced(settings))),
            Row(title="Memory and CPU", panels=tuple(resources(settings, plan, both))),
        ),
        links=runbook(settings, "collectors.md"),
        annotations=firing(settings),
    )


def _now(settings: StackSettings) -> Iterator[Panel]:
    agents, gateways = jobs.agents(settings), jobs.gateways(settings)
    yield Panel(
        title="Received",
        description="Spans a second that agents accept from applications. If it falls to 0, look at the targets: "
        "no agent, or no application, sends.",
        unit="cps",
        kind="stat",
        queries=(Query(expr=or_zero(rate(f"otelcol_receiver_accepted_spans_total{{{agents}}}"))),),
        width=STAT_WIDTH,
        height=STAT_HEIGHT,
    )
    yield Panel(
        title="Sent to Tempo",
        description="Spans a second that gateways deliver: the kept ones, twice where a trace is in both tiers.",
        unit="cps",
        kind="stat",
        queries=(Query(expr=or_zero(rate(f"otelcol_exporter_sent_spans_total{{{gateways}}}"))),),
        width=STAT_WIDTH,
        height=STAT_HEIGHT,
    )
    yield Panel(
        title="Fullest queue",
        description="Share of its size that the fullest queue of any collector holds. Above 80 % find out who "
        "does "
        "not accept spans: gateways for agents' queues, Tempo for gateways'.",
        unit="percentunit",
        kind="stat",
        queries=(Query(expr=f"max({_fill(agents)} or {_fill(gateways)})"),),
        limits=QUEUE_LIMITS,
        width=STAT_WIDTH,
        height=STAT_HEIGHT,
    )
    lost = or_zero(rate(f"otelcol_exporter_enqueue_failed_spans_total{{{gateways}}}"))
    yield Panel(
        title="Lost by full queues",
        description="Kept spans a second for which a gateway's queue has no room. They are lost: make Tempo "
        "accept "
        "spans again, or enlarge collectors.gateway.queue_volume_gib.",
        unit="cps",
        kind="stat",
        queries=(Query(expr=lost),),
        limits=ANY_LOSS,
        links=runbook(settings, "queues.md#tracinggatewayqueuefull"),
        width=STAT_WIDTH,
        height=STAT_HEIGHT,
    )


def _spans(settings: StackSettings) -> Iterator[Panel]:
    ways = (("agents", jobs.agents(settings), "node"), ("gateways", jobs.gateways(settings), "replica"))
    for name, job, each in ways:
        yield Panel(
            title=f"In and out of {name}",
            description=f"Spans a second of each {each}. For agents both are equal; gateways send what the "
            f"sampler "
            "keeps. A line that parts from the others is a Pod without work, or with too much.",
            unit="cps",
            queries=(
                Query(
                    expr=rate(f"otelcol_receiver_accepted_spans_total{{{job}}}", "pod"), legend="{{pod}} received"
                ),
                Query(expr=rate(f"otelcol_exporter_sent_spans_total{{{job}}}", "pod"), legend="{{pod}} sent"),
            ),
            width=12,
        )


def _queues(settings: StackSettings) -> Iterator[Panel]:
    for name, job in (("agents", jobs.agents(settings)), ("gateways", jobs.gateways(settings))):
        yield Panel(
            title=f"Queues of {name}: share",
            description="Held share of each queue, which lies on disk and survives a restart. It fills while the "
            "next hop does not accept spans.",
            unit="percentunit",
            queries=(Query(expr=f"max by (pod, exporter) ({_fill(job)})", legend="{{pod}} {{exporter}}"),),
            limits=QUEUE_LIMITS,
            links=runbook(settings, "queues.md"),
            width=6,
        )
        yield Panel(
            title=f"Queues of {name}: bytes",
            description="Bytes that wait on disk. The plan says how long an outage each queue bridges: "
            "`make plan`.",
            unit="bytes",
            queries=(
                Query(
                    expr=f"sum by (pod, exporter) (otelcol_exporter_queue_size{{{job}}})",
                    legend="{{pod}} {{exporter}}",
                ),
            ),
            width=6,
        )


def _fill(job: str) -> str:
    return f"(otelcol_exporter_queue_size{{{job}}} / otelcol_exporter_queue_capacity{{{job}}})"
