"""How long sending queues hold what arrives while nobody accepts it."""

from dataclasses import dataclass

from plan.cpu import BUSIEST_NODE_FACTOR
from plan.delivery import agent_queue, gateway_queue
from plan.traffic import Traffic
from settings.stack import StackSettings


@dataclass(frozen=True, kw_only=True)
class OutagePlan:
    """Seconds until an empty sending queue is full.

    An agent's, while no gateway answers: of an average node at the day's average, and of the busiest node at the
    peak. A gateway's, while Tempo does not answer, if one tenant sends all traces: at the day's average, at the
    peak, and at the peak of an incident. A full agent refuses spans; a full gateway drops kept ones.
    """

    agent_on_average: float
    agent_at_peak: float
    gateway_on_average: float
    gateway_at_peak: float
    gateway_in_incident: float


def outage_plan(settings: StackSettings, flow: Traffic) -> OutagePlan:
    """Return queue bytes / (spans/s × bytes of a span) for each queue."""
    load, collectors = settings.load, settings.collectors
    agent = agent_queue(settings).queue_bytes / load.span_bytes_sent
    gateway = gateway_queue(settings).queue_bytes * collectors.gateway.replicas / load.span_bytes_sent
    average, peak = load.average_spans_per_second, load.peak_spans_per_second
    return OutagePlan(
        agent_on_average=agent / (average / load.nodes),
        agent_at_peak=agent / min(peak, peak / load.nodes * BUSIEST_NODE_FACTOR),
        gateway_on_average=_seconds(gateway, average * flow.kept_share),
        gateway_at_peak=_seconds(gateway, peak * flow.kept_share),
        gateway_in_incident=_seconds(gateway, peak * flow.kept_share_in_incident),
    )


def _seconds(spans: float, spans_per_second: float) -> float:
    """Return spans / rate; a queue to which nothing goes is never full."""
    return spans / spans_per_second if spans_per_second else float("inf")
