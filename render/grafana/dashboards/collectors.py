"""Collector health: what comes in, goes out, waits and fails."""

from plan.plan import Plan
from render.grafana import jobs
from render.grafana.board import Board, Limits, Panel, Query, Row
from render.grafana.thresholds import QUEUE_FULL_RATIO
from settings.stack import StackSettings


def collectors(settings: StackSettings, plan: Plan) -> Board:  # noqa: ARG001 - boards share one signature
    """Return the board."""
    return Board(
        name="collectors",
        title="Tracing / Collectors",
        description="Spans on their way through agents and gateways: received, sent, waiting and refused.",
        rows=(Row(title="Spans", panels=(_received(settings), _queued(settings))),),
    )


def _received(settings: StackSettings) -> Panel:
    agents = jobs.agents(settings)
    return Panel(
        title="Spans received by agents",
        description="Spans a second that applications hand to the agents, per node.",
        unit="cps",
        queries=(
            Query(
                expr=f"sum by (pod) (rate(otelcol_receiver_accepted_spans_total{{{agents}}}[$__rate_interval]))",
                legend="{{pod}}",
            ),
        ),
        width=12,
    )


def _queued(settings: StackSettings) -> Panel:
    gateways = jobs.gateways(settings)
    size = f"otelcol_exporter_queue_size{{{gateways}}}"
    capacity = f"otelcol_exporter_queue_capacity{{{gateways}}}"
    return Panel(
        title="Fullest queue of each gateway",
        description="Share of its size that the fullest queue holds. It fills while Tempo does not accept spans.",
        unit="percentunit",
        queries=(Query(expr=f"max by (pod) ({size} / {capacity})", legend="{{pod}}"),),
        limits=Limits(warning=QUEUE_FULL_RATIO / 2, critical=QUEUE_FULL_RATIO),
        width=12,
    )
