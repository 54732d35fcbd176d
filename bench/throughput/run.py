"""One run: gateways, each in a control group, receive spans until they have delivered what they keep."""

import contextlib
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from bench.busy import busy_seconds
from bench.gateway.compare import NAMESPACES
from bench.gateway.documents import Document, placed
from bench.gateway.load import Block, blocks
from bench.gateway.measure import RECEIVED, Place, settled
from bench.gateway.process import Collector, collector
from bench.throughput.agents import Credentials
from bench.throughput.cgroup import Group, Limits, limited
from bench.throughput.sender import Sent, send

_SAMPLER = "otelcol_processor_tail_sampling"
_EARLY = f"{_SAMPLER}_sampling_trace_dropped_too_early_total"
_LOST = ("otelcol_exporter_enqueue_failed_spans_total", "otelcol_exporter_send_failed_spans_total")
# After the last trace is due: a tick of the sampler, a batch, a queue.
_SETTLING_SECONDS = 3.0
_IDLE_SECONDS = 1.0
# A sender that is later than this at the end was held up.
_ACHIEVED = 0.99


@dataclass(frozen=True, kw_only=True)
class Case:
    """What runs: gateways with limits each, spans a second in all, and the sampler's wait.

    With credentials the sender compresses and encrypts, as agents do.
    """

    gateways: int
    limits: Limits
    seconds: float
    spans_per_second: float
    wait_seconds: int
    as_agents: Credentials | None = None


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a run took of all gateways, and what they lost.

    - `early`: traces that were dropped before their decision; `lost`: kept spans that no queue took, or the sink.
    - `throttled`: the share of periods in which a gateway used up its quota, of the one with most.
    - `memory_bytes`: the largest resident memory of any gateway.
    - `others`: cores that neither gateways nor sender nor sink took, but something else on this machine.
    """

    case: Case
    sent: Sent
    cpu_seconds: float
    throttled: float
    memory_bytes: int
    early: int
    lost: int
    delivered: int
    others: float

    @property
    def microseconds(self) -> float:
        """CPU of all gateways for each span that they accepted, decisions and deliveries included."""
        return self.cpu_seconds / max(1, self.sent.spans - self.sent.refused) * 1e6

    @property
    def held(self) -> bool:
        """Whether every span was sent in time, none refused, no undecided trace and no kept span lost."""
        in_time = self.sent.spans_per_second >= _ACHIEVED * self.case.spans_per_second
        return in_time and not (self.sent.refused or self.early or self.lost)


@dataclass(frozen=True)
class _Gateway:
    group: Group
    process: Collector


def run(place: Place, document: Document, case: Case, received: Collector) -> Outcome:
    """Start fresh gateways, send, and wait until nothing more reaches the sink."""
    with contextlib.ExitStack() as stack:
        gateways = [stack.enter_context(_gateway(place, document, case, n)) for n in range(case.gateways)]
        time.sleep(_IDLE_SECONDS)
        before = received.counter(RECEIVED)
        cpu = sum(each.group.cpu_seconds() for each in gateways)
        watch = _Others(received)
        addresses = [each.process.address for each in gateways]
        sent = send(addresses, traffic, case.seconds, case.spans_per_second, case.as_agents)
        time.sleep(case.wait_seconds + _SETTLING_SECONDS)
        delivered = settled(lambda: received.counter(RECEIVED), _SETTLING_SECONDS)
        cpu = sum(each.group.cpu_seconds() for each in gateways) - cpu
        return Outcome(
            case=case,
            sent=sent,
            cpu_seconds=cpu,
            throttled=max(each.group.throttled_share() for each in gateways),
            memory_bytes=max(each.process.resident_bytes("VmHWM") for each in gateways),
            early=_sum(gateways, _EARLY),
            lost=sum(_sum(gateways, name) for name in _LOST),
            delivered=int(delivered - before),
            others=watch.cores(cpu),
        )


class _Others:
    """Watches what else takes CPU, from its creation on."""

    def __init__(self, received: Collector) -> None:
        self._sink = received
        self._began, self._before = time.monotonic(), self._others()

    def _others(self) -> float:
        return busy_seconds() - time.process_time() - self._sink.cpu_seconds()

    def cores(self, gateways: float) -> float:
        """Return the cores of everything else; `gateways` are the CPU seconds of the gateways."""
        return (self._others() - self._before - gateways) / (time.monotonic() - self._began)


def traffic() -> Iterator[Block]:
    """Yield quiet traffic of all tenants: one trace in a hundred has failed."""
    return blocks(NAMESPACES, all_failed=False)


def _sum(gateways: list[_Gateway], name: str) -> int:
    return int(sum(each.process.counter(name) for each in gateways))


@contextlib.contextmanager
def _gateway(place: Place, document: Document, case: Case, number: int) -> Iterator[_Gateway]:
    address = place.gateway_address(number)
    with limited(case.limits) as group, tempfile.TemporaryDirectory() as folder:
        own = placed(document, address, place.sink_address, Path(folder), case.wait_seconds)
        own = case.as_agents.demanded(own) if case.as_agents else own
        inside = replace(place, command=group.entered(place.command))
        with collector(inside.command, own, address, Path(folder), place.environment) as found:
            yield _Gateway(group, found)
