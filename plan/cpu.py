"""CPU that one gateway and one agent take, from the load.

Figures are CPU time, user and system, of a span of a dozen attributes in a trace of ten, on one core of an AMD
EPYC of the fourth generation (Zen 4, 2.6 GHz). `load.cpu_factor` says how much longer a stack's nodes take.
"""

import math
from dataclasses import dataclass

from plan.traffic import Traffic
from settings.load import Load
from settings.stack import StackSettings

# A gateway, in µs: receiving a span, holding it and deciding; masking one that is kept; and writing each copy of
# it, one a tier, to its queue and sending it. Bounds, not averages: they give 3.5 and 12 times a bare collector
# where `python -m bench gateway` measured 2.0 and 8.6 (docs/adr/0021).
_RECEIVED_MICROSECONDS = 10.3
_MASKED_MICROSECONDS = 30.0
_COPY_MICROSECONDS = 5.0
# An agent, in µs: receiving a span, adding its Pod's attributes, splitting batches by trace, and the queue on disk
# (2.3 times a bare collector); and counting it for span metrics, where agents make them: 3.0 to 3.7 times a bare
# collector in all. Another run had 1.34 times the agent without them, the lower end: 13 µs in all.
_AGENT_MICROSECONDS = 9.7
_SPAN_METRICS_MICROSECONDS = 5.0
# The busiest node's spans / the average node's. Kubernetes spreads Pods by their requests, not by their spans: a
# service with most of the traffic runs on a part of the nodes. Twice is what half of the nodes idle means.
BUSIEST_NODE_FACTOR = 2.0
# A collector without spans: its probes, its metrics, its DNS queries and, in an agent, its watch on Pods.
_IDLE_MILLICORES = 10


@dataclass(frozen=True, kw_only=True)
class CpuPlan:
    """Millicores of one gateway and of one agent, rounded up.

    `gateway_at_peak` and `gateway_in_incident` are for its share of the peak with headroom, with the usual failed
    traces and with those of an incident. `agent_at_peak` is for an average node at the peak, `busiest_agent` for
    the busiest node with headroom; an incident costs agents nothing, because they forward every span.
    """

    gateway_at_peak: int
    gateway_in_incident: int
    agent_at_peak: int
    busiest_agent: int


def cpu_plan(settings: StackSettings, flow: Traffic, gateways: float) -> CpuPlan:
    """Return what the declared peak takes of each collector, with this number of gateways."""
    load, retention = settings.load, settings.retention
    each = load.peak_spans_per_second * load.headroom / gateways
    quiet = gateway_microseconds(flow.kept_share, flow.sent_share(retention))
    incident = gateway_microseconds(flow.kept_share_in_incident, flow.sent_share_in_incident(retention))
    node = load.peak_spans_per_second / load.nodes
    busiest = min(load.peak_spans_per_second, node * BUSIEST_NODE_FACTOR) * load.headroom
    return CpuPlan(
        gateway_at_peak=_millicores(each, quiet, load),
        gateway_in_incident=_millicores(each, incident, load),
        agent_at_peak=_millicores(node, agent_microseconds(settings), load),
        busiest_agent=_millicores(busiest, agent_microseconds(settings), load),
    )


def gateway_microseconds(kept_share: float, sent_share: float) -> float:
    """Return µs a received span: receiving + kept share × masking + copies sent / span × sending one."""
    return _RECEIVED_MICROSECONDS + kept_share * _MASKED_MICROSECONDS + sent_share * _COPY_MICROSECONDS


def agent_microseconds(settings: StackSettings) -> float:
    """Return µs a span in an agent, with span metrics where agents make them."""
    counted = settings.span_metrics.source == "agents"
    return _AGENT_MICROSECONDS + (_SPAN_METRICS_MICROSECONDS if counted else 0.0)


def _millicores(spans_per_second: float, microseconds: float, load: Load) -> int:
    """Return spans/s × µs / 1000, on this stack's cores, above what an idle collector takes."""
    # A millionth of a millicore less, because floating-point products may end just above a whole number.
    return _IDLE_MILLICORES + math.ceil(spans_per_second * microseconds * load.cpu_factor / 1000 - 1e-6)
