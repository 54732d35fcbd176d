"""`python -m bench queries`: how fast a running stack answers while it receives its peak, and twice that."""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from rich.console import Console

from bench.busy import busy_seconds
from bench.machine import machine
from bench.page import write
from bench.queries.ask import Times, ask, ids_between, lookups, searches, timed
from bench.queries.report import Answers, text
from bench.queries.traffic import Sender
from lab.errors import LabError
from lab.monitoring.exposition import samples, total
from lab.progress import Progress
from lab.target.stacks import stack_settings
from lab.target.target import Target, current
from lab.traces.tempo import Tempo, tempo_of
from settings.stack import StackSettings

_FACTORS = (1, 2)
# A block is cut, flushed and found by the next poll; on top of these two.
_FLUSH_SECONDS, _LOOK_SECONDS = 30, 5.0
# The longest warm-up: a stack with blocks of half an hour would take too long, and says so.
_WARM_UP_SECONDS = 150
_STEP_SECONDS, _IDS_A_STEP = 15, 60
# With it queries are answered beside a load that is in full swing.
_SETTLING_SECONDS = 10.0
_RECEIVED, _BLOCKS = "tempo_distributor_spans_received_total", "tempodb_blocklist_length"


@dataclass(frozen=True)
class _Lab:
    target: Target
    settings: StackSettings
    report: Callable[[str], None]

    def tempo(self) -> Tempo:
        """Return a Tempo with a connection of its own, so that threads do not wait for each other."""
        return tempo_of(self.target.cluster(), self.settings)

    def sender(self, factor: float) -> Sender:
        load, namespace = self.settings.load, self.settings.environment.namespace
        return Sender(self.target.cluster(), namespace, factor * load.peak_spans_per_second)


def queries(out: Console, stack: str, seconds: float) -> None:
    """Warm up, measure each load for some seconds, print the table and write it into docs/performance.md."""
    target, settings = current(), stack_settings(stack)
    if target.simulated:
        raise LabError("The lab's nodes are simulated: nothing answers.", "Run `make down`, then `make up`.")
    with Progress() as progress, progress.step("measure queries") as step:
        lab = _Lab(target, settings, step.update)
        _warm_up(lab)
        found = [_measure(lab, factor, seconds) for factor in _FACTORS]
    page = text(stack, settings, found)
    out.print(page, markup=False, highlight=False, soft_wrap=True)
    write("queries", f"{machine()}\n\n{page}")


def _warm_up(lab: _Lab) -> None:
    """Send the peak until the bucket has blocks; LabError if it has none in time."""
    settings = lab.settings.tempo
    until_found = settings.max_block_duration_seconds + settings.blocklist_poll_seconds + _FLUSH_SECONDS
    patience = min(until_found, _WARM_UP_SECONDS)
    begin, tempo = time.monotonic(), lab.tempo()
    before = metric(tempo, _BLOCKS)
    with lab.sender(1):
        while (elapsed := time.monotonic() - begin) < patience:
            lab.report(f"warm-up: the planned peak for {patience - elapsed:.0f} s more")
            time.sleep(_LOOK_SECONDS)
    if not (before or metric(tempo, _BLOCKS)):
        raise LabError(
            f"After {elapsed:.0f} s of load the bucket of {lab.settings.environment.name} has no block.",
            "Look at `make logs POD=tempo`; tempo.max_block_duration_seconds says when a block is written.",
        )


def _measure(lab: _Lab, factor: int, seconds: float) -> Answers:
    """Ask for some seconds beside this load."""
    tempo, peak = lab.tempo(), factor * lab.settings.load.peak_spans_per_second
    with lab.sender(factor) as sender:
        lab.report(f"{peak} spans/s: it begins")
        time.sleep(_SETTLING_SECONDS)
        ids, before = _ids(tempo, lab.settings), _counted(sender, tempo)
        with _asked(lab, ids) as (search, lookup):
            for left in range(round(seconds), 0, -1):
                lab.report(f"{peak} spans/s: {left} s left")
                time.sleep(1)
        after = _counted(sender, tempo)
    took = after["seconds"] - before["seconds"]
    rates = {name: (value - before[name]) / took for name, value in after.items()}
    return Answers(
        planned=peak,
        sent=rates["sent"],
        refused=rates["refused"],
        stored=rates["received"],
        own_cores=rates["own"],
        busy_cores=rates["busy"],
        blocks=int(metric(tempo, _BLOCKS)),
        ids=len(ids),
        searches=search,
        lookups=lookup,
    )


def _counted(sender: Sender, tempo: Tempo) -> dict[str, float]:
    """Return counters by name: seconds, spans, and CPU seconds of this process and of the whole machine."""
    return {
        "seconds": time.monotonic(),
        "sent": sender.sent,
        "refused": sender.refused,
        "received": metric(tempo, _RECEIVED),
        "own": time.process_time(),
        "busy": busy_seconds(),
    }


@contextlib.contextmanager
def _asked(lab: _Lab, ids: Sequence[str]) -> Iterator[tuple[Times, Times]]:
    """Ask searches and traces by id, each by a client of its own, until the block ends; yield their times."""
    search, lookup, over = Times(), Times(), threading.Event()
    clients = [
        threading.Thread(target=ask, args=(lab.tempo(), paths, times, over))
        for paths, times in ((searches(), search), (lookups(ids), lookup))
    ]
    for client in clients:
        client.start()
    try:
        yield search, lookup
    finally:
        over.set()
        for client in clients:
            client.join()


def _ids(tempo: Tempo, settings: StackSettings) -> list[str]:
    """Return ids from the warm-up until a decision wait ago; LabError if there are none."""
    end = int(time.time()) - settings.sampling.decision_wait_seconds
    if found := ids_between(tempo, end - _WARM_UP_SECONDS, end, _STEP_SECONDS, _IDS_A_STEP):
        return found
    raise LabError("No trace of the warm-up is found.", "Look at `make status` and `make logs`.")


def metric(tempo: Tempo, name: str) -> float:
    """Return the sum of a metric of Tempo's own over its series, 0 if it has none."""
    return total(samples(timed(tempo, "/metrics", Times()).decode()), name)
