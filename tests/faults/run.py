"""Run one fault under traffic, and find out what became of every trace."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import requests

from lab.progress import Step
from plan.limits import checked_plan
from plan.units import MIB
from render.names import AGENT, GATEWAY, OTLP_GRPC_PORT
from tests.cluster.lab_prometheus import firing
from tests.cluster.tempo_api import tempo_api
from tests.faults.counters import watched
from tests.faults.fault import Fault
from tests.faults.oracle import judge
from tests.faults.reading import Reader, settle
from tests.faults.sender import PER_SECOND, Sender, sending
from tests.faults.verdict import Outcome
from tests.support.live import LiveStack

# When a fault begins there must be traffic in every part: it is decided after 10 s, and Tempo writes it to its log
# 5 to 10 s later.
_BEFORE_SECONDS, _AFTER_SECONDS = 20.0, 5.0
_LOOK_SECONDS = 2.0
# Without a new span for so long, and with empty queues, what is missing is lost: longer than a decision, a batch
# and an idle trace together. Twice as long where nothing may be lost.
_QUIET_SECONDS = 30.0


def inject(stack: LiveStack, fault: Fault, step: Step, *, alerts: bool) -> Outcome:
    """Run a fault on the deployed stack and judge it; with `alerts`, also note which of them fire."""
    address = f"{stack.address(AGENT)}:{OTLP_GRPC_PORT}"
    older = frozenset(firing()) if alerts else frozenset()
    with watched(stack) as counters, _fired(look=alerts) as fired, tempo_api(stack) as tempo:
        with sending(address, stack.settings.sampling) as sender:
            _begin(stack, fault, sender, step)
            ended = time.monotonic()
            time.sleep(_AFTER_SECONDS)
            step.update("wait until all is accepted or refused")
        reader, waited = Reader(tempo, sender), time.monotonic() - ended
        seconds = settle(
            reader,
            fault.settle_seconds,
            lambda quiet: counters.idle() and quiet > (_QUIET_SECONDS if fault.losses else 2 * _QUIET_SECONDS),
            step.update,
        )
        reader.read_all()
    limit = checked_plan(stack.settings).gateway.memory_limit_mib * MIB
    return Outcome(
        fault=fault,
        judgement=judge(sender.sent, sender.refused, reader.found),
        grown=counters.grown(),
        alerts=frozenset(fired) if alerts else None,
        older_alerts=older,
        seconds=waited + seconds,
        memory_share=counters.resident.get(GATEWAY, 0.0) / limit,
        starts=counters.started(GATEWAY),
    )


def _begin(stack: LiveStack, fault: Fault, sender: Sender, step: Step) -> None:
    step.update(f"{PER_SECOND} traces a second")
    time.sleep(_BEFORE_SECONDS)
    step.update("the fault begins")
    with fault.block(stack):
        fault.also(sender)
        step.update(f"the fault lasts {fault.seconds:.0f} s")
        time.sleep(fault.seconds)
        step.update("the fault ends")


@contextmanager
def _fired(*, look: bool) -> Iterator[set[str]]:
    """Collect the names of the alerts that fire inside the block."""
    fired: set[str] = set()
    done = threading.Event()

    def follow() -> None:
        while look and not done.wait(_LOOK_SECONDS):
            with suppress(requests.RequestException):
                fired.update(firing())

    thread = threading.Thread(target=follow, daemon=True)
    thread.start()
    try:
        yield fired
    finally:
        done.set()
        thread.join()
