"""Health of the collectors: what comes in, goes out, waits, fails, and what it costs in memory and CPU."""

from collections.abc import Iterator

from plan.plan import Plan
from render.grafana import jobs
from render.grafana.board import Board, Limits, Panel, Query, Row
from render.grafana.panels import STAT_HEIGHT, STAT_WIDTH, firing, or_zero, rate, runbook
from render.grafana.thresholds import MEMORY_NEAR_LIMIT_RATIO, QUEUE_FULL_RATIO
from settings.stack import StackSettings

QUEUE_LIMITS = Limits(warning=QUEUE_FULL_RATIO / 2, critical=QUEUE_FULL_RATIO)
# A single lost span is a loss; the smallest rate that a window of a minute shows.
ANY_LOSS = Limits(warning=0.001, critical=1)


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
            Row(title="Losses and refusals", panels=tuple(_failures(settings, both))),
            Row(title="From agents to gateways", panels=tuple(_balanced(settings))),
            Row(title="Memory and CPU", panels=tuple(_resources(settings, plan, both))),
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


def _failures(settings: StackSettings, both: str) -> Iterator[Panel]:
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


def _balanced(settings: StackSettings) -> Iterator[Panel]:
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


def _resources(settings: StackSettings, plan: Plan, both: str) -> Iterator[Panel]:
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


def _fill(job: str) -> str:
    return f"(otelcol_exporter_queue_size{{{job}}} / otelcol_exporter_queue_capacity{{{job}}})"
