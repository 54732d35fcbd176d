"""`python -m bench throughput`: how many spans a second prod's gateways take, with what they request.

All of them at the declared peak, and one alone at its planned share with headroom, each for a minute with the
sampler's own wait; before that what a span takes as agents send it, compressed and encrypted, and without.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from rich.console import Console

from bench.gateway.command import CONFIG, read
from bench.gateway.documents import DECISION_WAIT_SECONDS, Document
from bench.gateway.measure import Place, sink_of
from bench.gateway.process import Collector
from bench.machine import machine
from bench.page import write
from bench.throughput.agents import credentials
from bench.throughput.cgroup import Limits
from bench.throughput.place import deployed, prod, requested
from bench.throughput.report import Throughput, throughput_text
from bench.throughput.run import Case, Outcome, run, traffic
from bench.throughput.search import search
from bench.throughput.sender import Sent, send
from lab.progress import Progress
from lab.toolchain.queue import build_all
from settings.stack import StackSettings

# Two tries of a minute and a half each, so that the command ends within six minutes.
_TRIES, _STEP = 2, 0.9
# Slow enough that the sender can compress; for more than two of the sampler's shortest waits.
_COST_SPANS_PER_SECOND, _COST_SECONDS = 8_000, 12.0
_ALONE_SECONDS = 5.0


@dataclass(frozen=True)
class Bench:
    """Where runs take place, and how to say which one runs."""

    place: Place
    document: Document
    sink: Collector
    report: Callable[[str], None]

    def run(self, case: Case) -> Outcome:
        """Run a case."""
        kind = f"{case.gateways} with {case.limits.cores:g} cores each"
        self.report(f"{case.spans_per_second:.0f} spans/s for {case.seconds:.0f} s, gateways: {kind}")
        return run(self.place, self.document, case, self.sink)

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
            bench = Bench(place, read(CONFIG), sink, step.update)
            found = _measure(bench, settings, requested(settings, plan), seconds)
    text = throughput_text(settings, plan, found)
    out.print(text, markup=False, highlight=False, soft_wrap=True)
    write("throughput", f"{machine()}\n\n{text}")


def _measure(bench: Bench, settings: StackSettings, limits: Limits, seconds: float) -> Throughput:
    load, gateways = settings.load, settings.collectors.gateway.replicas
    one = Case(
        gateways=1,
        limits=limits,
        seconds=seconds,
        spans_per_second=load.peak_spans_per_second * load.headroom / gateways,
        wait_seconds=settings.sampling.decision_wait_seconds,
    )
    cost = replace(
        one,
        seconds=_COST_SECONDS,
        spans_per_second=_COST_SPANS_PER_SECOND,
        wait_seconds=DECISION_WAIT_SECONDS,
    )
    alone, plain = bench.sender_alone(), bench.run(cost)
    with credentials() as found:
        as_agents = bench.run(replace(cost, as_agents=found))
    return Throughput(
        alone=alone,
        plain=plain,
        as_agents=as_agents,
        all_gateways=_search(bench, replace(one, gateways=gateways, spans_per_second=load.peak_spans_per_second)),
        one_gateway=_search(bench, one),
    )


def _search(bench: Bench, case: Case) -> list[Outcome]:
    def attempt(rate: float) -> Outcome:
        return bench.run(replace(case, spans_per_second=rate))

    return search(case.spans_per_second, attempt, _TRIES, _STEP)
