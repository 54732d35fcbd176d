"""`python -m bench scaling`: whether three gateways take three times as many spans as one.

Each has the same small quota, so that three of them, the sender and the sink fit into two cores.
"""

from dataclasses import replace

from rich.console import Console

from bench.gateway.command import CONFIG, read
from bench.gateway.documents import DECISION_WAIT_SECONDS
from bench.gateway.measure import sink_of
from bench.machine import machine
from bench.page import write
from bench.throughput.cgroup import Limits
from bench.throughput.command import Bench
from bench.throughput.place import deployed, prod, requested
from bench.throughput.report import Scaling, scaling_text
from bench.throughput.run import Case, Outcome
from bench.throughput.search import best, search
from lab.errors import LabError
from lab.progress import Progress
from lab.toolchain.queue import build_all

_CORES, _GATEWAYS = 0.3, 3
# Some waits of the sampler: what is decided then was sent at this rate, too.
_SECONDS = 25.0
# For a first idea of what a span takes, at a rate that any gateway takes.
_FIRST_SPANS_PER_SECOND, _FIRST_SECONDS = 5_000, 8.0
# One gateway is tried from above what a span's cost promises, three from three times what one took.
_ABOVE, _STEP_OF_ONE, _STEP_OF_ALL, _TRIES = 1.1, 0.92, 0.95, 4


def scaling(out: Console) -> None:
    """Build the collector unless it is there, measure, print the table and write it into docs/performance.md."""
    settings, plan = prod()
    limits = Limits(cores=_CORES, memory_mib=requested(settings, plan).memory_mib)
    with Progress() as progress:
        build_all(["otelcol"], progress)
        with progress.step("measure scaling") as step, sink_of(place := deployed()) as sink:
            found = _measure(Bench(place, read(CONFIG), sink, step.update), limits)
    text = scaling_text(found)
    out.print(text, markup=False, highlight=False, soft_wrap=True)
    write("scaling", f"{machine()}\n\n{text}")


def _measure(bench: Bench, limits: Limits) -> Scaling:
    case = Case(
        gateways=1,
        limits=limits,
        seconds=_SECONDS,
        spans_per_second=_FIRST_SPANS_PER_SECOND,
        wait_seconds=DECISION_WAIT_SECONDS,
    )
    alone = bench.sender_alone()
    first = bench.run(replace(case, seconds=_FIRST_SECONDS))
    one = _search(bench, case, _ABOVE * limits.cores / first.microseconds * 1e6, _STEP_OF_ONE)
    if not (held := best(one)):
        raise LabError(
            f"One gateway with {limits.cores} cores did not hold {one[-1].case.spans_per_second:.0f} spans/s.",
            "Run this on a machine with nothing else to do.",
        )
    rate = _GATEWAYS * held.case.spans_per_second
    return Scaling(alone=alone, one=one, all=_search(bench, replace(case, gateways=_GATEWAYS), rate, _STEP_OF_ALL))


def _search(bench: Bench, case: Case, rate: float, step: float) -> list[Outcome]:
    return search(rate, bench.at_rates(case), _TRIES, lambda tried: step * tried.case.spans_per_second)
