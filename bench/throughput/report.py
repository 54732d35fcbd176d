"""The sections `throughput` and `scaling` of docs/performance.md."""

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
    "held",
)


@dataclass(frozen=True, kw_only=True)
class Throughput:
    """The runs: the sender alone, what a span takes, all gateways, and one of them."""

    alone: Sent
    plain: Outcome
    as_agents: Outcome
    all_gateways: list[Outcome]
    one_gateway: list[Outcome]


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
    runs = [*found.all_gateways, *found.one_gateway]
    limits = runs[0].case.limits
    return f"""\
{_meaning(settings, found)}

{figures(_HEADING, [_row(each) for each in runs])}

Each gateway has what it requests, {limits.cores:g} cores and {shown(limits.memory_mib)} MiB.
{_sender(found.alone)}

{figures(("", ""), _cores(settings, plan, found))}"""


def _meaning(settings: StackSettings, found: Throughput) -> str:
    every, one = best(found.all_gateways), best(found.one_gateway)
    minute = f"for {found.all_gateways[0].case.seconds:.0f} s"
    all_of_them = f"Prod's {settings.collectors.gateway.replicas} gateways together"
    first = (
        f"{all_of_them} take {_rate(every)} {minute}" if every else f"{all_of_them} did not hold any rate tried"
    )
    second = f"one alone takes {_rate(one)}" if one else "one alone did not hold any rate tried"
    return (
        f"{first}, without refusing a span or losing an undecided trace; {second}, its share with headroom being \
{shown(found.one_gateway[0].case.spans_per_second)}."
    )


def _rate(found: Outcome) -> str:
    return f"{shown(found.sent.spans_per_second)} spans/s"


def _cores(settings: StackSettings, plan: Plan, found: Throughput) -> list[tuple[str, str]]:
    peak, gateway, flow = settings.load.peak_spans_per_second, settings.collectors.gateway, plan.traffic
    planned = gateway_microseconds(flow.kept_share, flow.sent_share(settings.retention)) * settings.load.cpu_factor
    at_peak = found.all_gateways[-1].microseconds
    unpacking = found.as_agents.microseconds - found.plain.microseconds
    rows = [
        ("a span in these gateways, at the highest rate", at_peak),
        ("and what agents compress (gzip) and encrypt (mutual TLS), at a low rate", unpacking),
        ("both", at_peak + unpacking),
        ("what the plan counts on", planned),
    ]
    cores = [
        (name, f"{each:.1f} µs: {each * peak / 1e6:.2f} cores for {shown(peak)} spans/s") for name, each in rows
    ]
    requests, limits = gateway.cpu_request_millicores, gateway.cpu_limit_millicores
    number = gateway.replicas
    return [
        *cores,
        (
            f"prod's {number} gateways",
            f"{number * requests / 1000:g} cores requested, {number * limits / 1000:g} allowed",
        ),
    ]


def scaling_text(found: Scaling) -> str:
    """Return what it means, and the runs."""
    several = found.all[0].case.gateways
    meaning = (
        f"{several} gateways take {found.ratio:.2f} times as many spans as one"
        if found.ratio
        else (f"{several} gateways did not hold any rate tried")
    )
    return f"""\
{meaning}, with {found.one[0].case.limits.cores:g} cores each and traces routed by their ids.

{figures(_HEADING, [_row(each) for each in (*found.one, *found.all)])}

{_sender(found.alone)}"""


def _sender(alone: Sent) -> str:
    return (
        f"The sender is not the bottleneck: into a sink that only counts, it sent {shown(alone.spans_per_second)} "
        f"spans/s with {alone.cpu_seconds / alone.seconds:.2f} cores."
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
        "yes" if found.held else "no",
    )
