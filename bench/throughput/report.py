"""The sections `throughput` and `scaling` of docs/performance.md."""

import os
from collections.abc import Sequence
from dataclasses import dataclass

from bench.markdown import figures
from bench.throughput.run import Outcome
from bench.throughput.search import best
from bench.throughput.sender import Sent
from plan.cost.bill import shown
from plan.cpu import gateway_microseconds
from plan.plan import Plan
from settings.stack import StackSettings

_MIB = 2**20
_HEADING = (
    "gateways",
    "cores each",
    "offered, spans/s",
    "taken, spans/s",
    "refused spans",
    "undecided traces lost",
    "kept spans lost",
    "delivered / taken",
    "µs a span",
    "largest memory",
    "sender, cores",
    "others, cores",
    "held",
)


@dataclass(frozen=True, kw_only=True)
class Costs:
    """What a span takes at a low rate: in a bare collector, in a gateway, and there as agents send it."""

    bare: Outcome
    plain: Outcome
    as_agents: Outcome


@dataclass(frozen=True, kw_only=True)
class Throughput:
    """The runs: the sender alone, costs at a low rate, one gateway with its limits and with its requests.

    `every` is all gateways at the peak, None where this machine is too small for it.
    """

    alone: Sent
    costs: Costs
    limit: list[Outcome]
    request: list[Outcome]
    every: Outcome | None

    @property
    def microseconds(self) -> float:
        """What a span takes in a gateway at a high rate, with what agents add."""
        return self.limit[-1].microseconds + self.unpacking

    @property
    def unpacking(self) -> float:
        """What compressed and encrypted requests add, in µs a span."""
        return self.costs.as_agents.microseconds - self.costs.plain.microseconds


@dataclass(frozen=True, kw_only=True)
class Scaling:
    """The runs: the sender alone, one gateway, and several with the same quota each."""

    alone: Sent
    one: list[Outcome]
    all: list[Outcome]

    @property
    def ratio(self) -> float | None:
        """What several took / what one took; None if one of the searches found nothing."""
        one, several = best(self.one), best(self.all)
        return several.sent.spans_per_second / one.sent.spans_per_second if one and several else None


def throughput_text(settings: StackSettings, plan: Plan, found: Throughput) -> str:
    """Return what it means, the runs, and from a span's cost how many cores the peak takes."""
    runs = [*found.limit, *found.request, *([found.every] if found.every else [])]
    return f"""\
{_meaning(settings, found)}

{figures(_HEADING, [_row(each) for each in runs])}

Each gateway has {shown(found.limit[0].case.limits.memory_mib)} MiB, as planned. {_whole(settings, found)}
{_sender(found.alone)}

{figures(("a span takes", "µs", f"cores for {_peak(settings)}"), _cores(settings, plan, found))}

For nodes like this machine `load.cpu_factor` is {found.microseconds / _planned(settings, plan):.1f}."""


def _peak(settings: StackSettings) -> str:
    return f"{shown(settings.load.peak_spans_per_second)} spans/s"


def _meaning(settings: StackSettings, found: Throughput) -> str:
    gateway, load = settings.collectors.gateway, settings.load
    first, full_node = found.limit[0].case, found.request[0].case
    cores = load.peak_spans_per_second * found.microseconds / 1e6
    requests, limits = (
        gateway.replicas * each / 1000 for each in (gateway.cpu_request_millicores, gateway.cpu_limit_millicores)
    )
    share = shown(load.peak_spans_per_second / gateway.replicas)
    return f"""\
One of prod's gateways takes {_rate(found.limit)} for {first.seconds:.0f} s with its limit of \
{first.limits.cores:g} cores,
and {_rate(found.request)} with the {full_node.limits.cores:g} that it requests. Its planned share is {share},
and {shown(first.spans_per_second)} with headroom.
On this machine the peak of {_peak(settings)} takes {cores:.1f} cores of the gateways; prod's {gateway.replicas} \
request {requests:g} and may use {limits:g}."""


def _rate(found: list[Outcome]) -> str:
    held = best(found)
    if held:
        return f"{shown(held.sent.spans_per_second)} spans/s"
    return f"less than {shown(found[-1].case.spans_per_second)} spans/s"


def _whole(settings: StackSettings, found: Throughput) -> str:
    """Say whether all gateways were measured together."""
    if found.every:
        return f"The last line is all of them at the peak of {_peak(settings)}."
    cores = os.cpu_count() or 1
    return f"All of them at the peak do not fit into the {cores} cores of this machine, so that is computed below."


def _cores(settings: StackSettings, plan: Plan, found: Throughput) -> list[tuple[str, str, str]]:
    costs = found.costs
    rows = {
        "in a bare collector, at a low rate": costs.bare.microseconds,
        "in a gateway, at a low rate": costs.plain.microseconds,
        "the same, compressed (gzip) and encrypted (mutual TLS), as agents send it": costs.as_agents.microseconds,
        "in a gateway, at the highest rate above": found.limit[-1].microseconds,
        "the same, and what compressing and encrypting add": found.microseconds,
        "as the plan counts, where load.cpu_factor is 1": _planned(settings, plan),
    }
    peak = settings.load.peak_spans_per_second
    return [(name, f"{each:.1f}", f"{each * peak / 1e6:.2f}") for name, each in rows.items()]


def _planned(settings: StackSettings, plan: Plan) -> float:
    flow = plan.traffic
    return gateway_microseconds(flow.kept_share, flow.sent_share(settings.retention))


def scaling_text(found: Scaling) -> str:
    """Return what it means, and the runs."""
    several = found.all[0].case.gateways
    meaning = f"{several} gateways did not hold any rate tried"
    if found.ratio:
        meaning = f"{several} gateways take {found.ratio:.2f} times as many spans as one"
    return f"""\
{meaning}, with {found.one[0].case.limits.cores:g} cores each and traces routed by their ids.

{figures(_HEADING, [_row(each) for each in (*found.one, *found.all)])}

{_sender(found.alone)}"""


def _sender(alone: Sent) -> str:
    return (
        f"The sender is not the bottleneck: into a sink that only counts, it sent {shown(alone.spans_per_second)} "
        f"spans/s\nwith {alone.cpu_seconds / alone.seconds:.2f} cores."
    )


def _row(found: Outcome) -> Sequence[str]:
    case, sent = found.case, found.sent
    taken = sent.spans - sent.refused
    return (
        str(case.gateways),
        f"{case.limits.cores:g}",
        shown(case.spans_per_second),
        shown(sent.spans_per_second),
        shown(sent.refused),
        shown(found.early),
        shown(found.lost),
        f"{found.delivered / max(1, taken):.3f}",
        f"{found.microseconds:.1f}",
        f"{shown(found.memory_bytes / _MIB)} MiB",
        f"{sent.cpu_seconds / sent.seconds:.2f}",
        f"{found.others:.2f}",
        "yes" if found.held else "no",
    )
