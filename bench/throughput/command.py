"""`python -m bench throughput`: how many spans a second prod's gateways take, with what they request and may use.

First what a span takes at a low rate, in a bare collector, in a gateway, and as agents send it. Then one gateway
for a minute at its planned share with headroom, with its limits, and with its requests. All of them together at
the declared peak only where that fits into this machine.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass, replace

from rich.console import Console

from bench.gateway.command import CONFIG, read
from bench.gateway.documents import DECISION_WAIT_SECONDS, Document, bare
from bench.gateway.measure import Place, sink_of
from bench.gateway.process import Collector
from bench.machine import machine
from bench.page import write
from bench.throughput.agents import credentials
from bench.throughput.cgroup import Limits
from bench.throughput.place import allowed, deployed, prod, requested
from bench.throughput.report import Costs, Throughput, throughput_text
from bench.throughput.run import Case, Outcome, run, traffic
from bench.throughput.search import search
from bench.throughput.sender import Sent, send
from lab.progress import Progress
from lab.toolchain.queue import build_all
from plan.plan import Plan
from settings.stack import StackSettings

# Three tries of a minute and a half each, so that the command ends within twelve minutes. Of two, none held.
_TRIES, _STEP = 3, 0.9
# Slow enough that the sender can compress; for more than two of the sampler's shortest waits.
_COST_SPANS_PER_SECOND, _COST_SECONDS = 8_000, 12.0
_ALONE_SECONDS = 5.0
# A tenth for whatever else runs.
_USABLE_SHARE = 0.9


@dataclass(frozen=True)
class Bench:
    """Where runs take place, and how to say which one runs."""

    place: Place
    document: Document
    sink: Collector
    report: Callable[[str], None]

    def run(self, case: Case, document: Document | None = None) -> Outcome:
        """Run a case, with the gateway's document unless another one is given."""
        kind = f"{case.gateways} with {case.limits.cores:g} cores each"
        self.report(f"{case.spans_per_second:.0f} spans/s for {case.seconds:.0f} s, gateways: {kind}")
        return run(self.place, document or self.document, case, self.sink)

    def at_rates(self, case: Case) -> Callable[[float], Outcome]:
        """Return a function that runs a case at a rate."""
        return lambda rate: self.run(replace(case, spans_per_second=rate))

    def sender_alone(self) -> Sent:
        """Send as fast as the counting sink answers, which nothing limits: what the sender could do."""
        self.report("the sender alone")
        return send([self.place.sink_address], traffic, _ALONE_SECONDS, None)


def throughput(out: Console, seconds: float) -> None:
    """Build the collector unless it is there, measure, print the table and write it into docs/performance.md."""
    settings, plan = prod()
    with Progress() as progress:
        build_all(["otelcol"], progress)
        with progress.step("measure throughput") as step, sink_of(place := deployed()) as sink:
            found = _measure(Bench(place, read(CONFIG), sink, step.update), settings, plan, seconds)
    text = throughput_text(settings, plan, found)
    out.print(text, markup=False, highlight=False, soft_wrap=True)
    write("throughput", f"{machine()}\n\n{text}")


def _measure(bench: Bench, settings: StackSettings, plan: Plan, seconds: float) -> Throughput:
    load, gateways = settings.load, settings.collectors.gateway.replicas
    case = Case(
        gateways=1,
        limits=allowed(settings, plan),
        seconds=seconds,
        spans_per_second=load.peak_spans_per_second * load.headroom / gateways,
        wait_seconds=settings.sampling.decision_wait_seconds,
    )
    alone, costs = bench.sender_alone(), _costs(bench, case)
    one = search(case.spans_per_second, bench.at_rates(case), _TRIES, slower)
    full_node = replace(case, limits=requested(settings, plan))
    start = min(case.spans_per_second, promised(full_node.limits, one[-1].microseconds))
    return Throughput(
        alone=alone,
        costs=costs,
        limit=one,
        request=search(start, bench.at_rates(full_node), _TRIES, slower),
        every=_every(
            bench, replace(case, gateways=gateways, spans_per_second=load.peak_spans_per_second), one[-1]
        ),
    )


def _costs(bench: Bench, case: Case) -> Costs:
    low = replace(
        case, seconds=_COST_SECONDS, spans_per_second=_COST_SPANS_PER_SECOND, wait_seconds=DECISION_WAIT_SECONDS
    )
    with credentials() as found:
        return Costs(
            bare=bench.run(low, bare()),
            plain=bench.run(low),
            as_agents=bench.run(replace(low, as_agents=found)),
        )


def _every(bench: Bench, case: Case, one: Outcome) -> Outcome | None:
    """Run all gateways at the peak, unless what a span takes says that this machine is too small for that."""
    sender = one.sent.cpu_seconds / one.sent.spans
    needed = case.spans_per_second * (one.microseconds / 1e6 + sender)
    return bench.run(case) if needed <= _USABLE_SHARE * (os.cpu_count() or 1) else None


def slower(tried: Outcome) -> float:
    """Return the rate to try next: a step lower, or what the cost of a span promises, if that is less."""
    return min(_STEP * tried.case.spans_per_second, promised(tried.case.limits, tried.microseconds))


def promised(limits: Limits, microseconds: float) -> float:
    """Return a step less than the rate at which a gateway would use all of its CPU."""
    return _STEP * limits.cores / microseconds * 1e6
