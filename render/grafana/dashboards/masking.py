"""Masking: whether every kept span passes it, what it takes, and how to see masked values."""

from collections.abc import Iterator

from plan.plan import Plan
from render.grafana import jobs
from render.grafana.board import Board, Limits, Panel, Query, Row
from render.grafana.panels import STAT_HEIGHT, STAT_WIDTH, firing, or_zero, quantile, rate, runbook
from render.grafana.thresholds import DECISION_LATENCY_MS
from settings.stack import StackSettings

_MASKING = 'otel_signal="traces", processor=~"redaction/.*|transform/.*"'
_FIRST = 'otel_signal="traces", processor="transform/scrub"'
_UNEQUAL = Limits(warning=0.001, critical=1)
_TEXT = """\
No processor counts what it masks. In the traces themselves:

| what | TraceQL, in Explore |
|---|---|
| values with a masked secret | `{ .url.query =~ ".*\\\\*{4}.*" }` |
| statements without their literals | `{ .db.query.text =~ ".*[?].*" }` |
| names with a masked secret | `{ name =~ ".*\\\\*{4}.*" }` |

`****` stands for what was taken out. Each masking processor takes every kept span, or none: one that fails to
mask a request fails the request, so nothing passes unmasked.
"""


def masking(settings: StackSettings, plan: Plan) -> Board:  # noqa: ARG001 - boards share one signature
    """Return the board."""
    return Board(
        name="masking",
        title="Tracing / Masking",
        description="Whether every kept span passes the masking processors, and what that takes.",
        rows=(
            Row(title="Now", panels=tuple(_now(settings))),
            Row(title="Through the processors", panels=tuple(_through(settings))),
            Row(title="What it takes, and what it did", panels=tuple(_cost(settings))),
        ),
        links=runbook(settings, "masking.md"),
        annotations=firing(settings),
    )


def _now(settings: StackSettings) -> Iterator[Panel]:
    gateways = jobs.gateways(settings)
    yield Panel(
        title="Spans masked",
        description="Kept spans a second that enter masking. 0 with kept traces (Tracing / Sampling) means that "
        "masking is bypassed: stop the gateways' delivery.",
        unit="cps",
        kind="stat",
        queries=(Query(expr=or_zero(rate(_incoming(gateways, _FIRST)))),),
        links=runbook(settings, "masking.md#tracingmaskingbypassed"),
        width=STAT_WIDTH,
        height=STAT_HEIGHT,
    )
    yield Panel(
        title="Spans lost in masking",
        description="Spans a second that entered a masking processor and did not leave it: it failed, and their "
        "request was refused. The gateway's log has the statement.",
        unit="cps",
        kind="stat",
        queries=(Query(expr=f"clamp_min({_missing(gateways)}, 0) or vector(0)"),),
        limits=_UNEQUAL,
        links=runbook(settings, "masking.md#tracingmaskingfails"),
        width=STAT_WIDTH,
        height=STAT_HEIGHT,
    )
    yield Panel(
        title="Processors that mask",
        description="Masking processors that passed spans, of one gateway. Fewer than after the last deployment "
        "means that the configuration lost one.",
        unit="none",
        kind="stat",
        queries=(Query(expr=f"count(count by (processor) ({_outgoing(gateways, _MASKING)})) or vector(0)"),),
        width=STAT_WIDTH,
        height=STAT_HEIGHT,
    )
    yield Panel(
        title="CPU for each kept span",
        description="Seconds of a gateway's CPU for each span that it masks: everything that a gateway does, of "
        "which masking is the largest part.",
        unit="s",
        kind="stat",
        queries=(Query(expr=f"{_cpu_per_span(gateways)} or vector(0)"),),
        width=STAT_WIDTH,
        height=STAT_HEIGHT,
    )


def _through(settings: StackSettings) -> Iterator[Panel]:
    gateways = jobs.gateways(settings)
    yield Panel(
        title="Spans into each processor",
        description="Spans a second. All lines lie on each other, because every kept span passes every processor.",
        unit="cps",
        queries=(Query(expr=rate(_incoming(gateways, _MASKING), "processor"), legend="{{processor}}"),),
    )
    yield Panel(
        title="Spans out of each processor",
        description="Spans a second. No masking processor drops spans, so it equals what goes in.",
        unit="cps",
        queries=(Query(expr=rate(_outgoing(gateways, _MASKING), "processor"), legend="{{processor}}"),),
    )
    lost = (
        f"{rate(_incoming(gateways, _MASKING), 'processor')} - {rate(_outgoing(gateways, _MASKING), 'processor')}"
    )
    yield Panel(
        title="Difference by processor",
        description="Spans a second that went in and not out. More than 0 for long is a statement that fails, and "
        "such a request is refused, not stored unmasked.",
        unit="cps",
        queries=(Query(expr=f"clamp_min({lost}, 0)", legend="{{processor}}"),),
        limits=_UNEQUAL,
        links=runbook(settings, "masking.md#tracingmaskingfails"),
    )


def _cost(settings: StackSettings) -> Iterator[Panel]:
    gateways = jobs.gateways(settings)
    yield Panel(
        title="CPU of gateways for each kept span",
        description="Microseconds would be 1e-6: compare with docs/cost.md. It rises with long texts and with "
        "many "
        "attributes; bursts of other work show here, too.",
        unit="s",
        queries=(Query(expr=_cpu_per_span(gateways), legend="all gateways"),),
    )
    latency = f"otelcol_processor_tail_sampling_sampling_decision_timer_latency_milliseconds_bucket{{{gateways}}}"
    yield Panel(
        title="Round of decisions with masking",
        description="A gateway masks what it keeps in the sampler's round, once a second. Above a second it falls "
        "behind: give it more CPU.",
        unit="ms",
        queries=(Query(expr=quantile(0.95, latency), legend="P95"),),
        limits=Limits(warning=DECISION_LATENCY_MS / 2, critical=DECISION_LATENCY_MS),
        links=runbook(settings, "sampling.md#tracingdecisionsslow"),
    )
    yield Panel(
        title="What was masked",
        description="Queries that find masked values, since no metric counts them.",
        unit="none",
        kind="text",
        text=_TEXT,
    )


def _incoming(gateways: str, further: str) -> str:
    return f"otelcol_processor_incoming_items_total{{{gateways}, {further}}}"


def _outgoing(gateways: str, further: str) -> str:
    return f"otelcol_processor_outgoing_items_total{{{gateways}, {further}}}"


def _missing(gateways: str) -> str:
    return f"{rate(_incoming(gateways, _MASKING))} - {rate(_outgoing(gateways, _MASKING))}"


def _cpu_per_span(gateways: str) -> str:
    spans = rate(_incoming(gateways, _FIRST))
    return f"{rate(f'otelcol_process_cpu_seconds_total{{{gateways}}}')} / ({spans} > 0)"
