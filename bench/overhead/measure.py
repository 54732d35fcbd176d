"""One repetition: a service, plain and traced, side by side; each is used in turn while the other is idle."""

import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.gateway.command import environment as collector_environment
from bench.gateway.documents import placed, sink
from bench.gateway.process import Collector, collector
from bench.overhead.language import PLAIN, TRACED, Language, Prepared
from bench.overhead.others import other_seconds
from bench.overhead.plan import Plan
from bench.overhead.service import Service, running
from bench.processes import cpu_seconds, resident_bytes
from lab.errors import LabError

_RECEIVED = "otelcol_receiver_accepted_spans_total"
_OTLP_HTTP_PORT = 4318
# An SDK sends what it has every five seconds; a busy machine takes longer.
_EXPORT_SECONDS, _ARRIVAL_SECONDS = 5.0, 30.0
_LOOK_SECONDS = 0.25
# So many more may arrive: in Node, a new connection makes a span too.
_SURPLUS = 0.02


@dataclass(frozen=True)
class Used:
    """What a number of operations took: CPU in seconds, until their spans have arrived, and latencies in ms."""

    operations: int
    cpu: float
    latencies: tuple[float, ...]


@dataclass(frozen=True)
class Repetition:
    """What was measured of one start of both: by path and variant, and by variant the memory in bytes.

    `others` is how many cores other programs of the machine took meanwhile.
    """

    used: Mapping[str, Mapping[str, Used]]
    resident: Mapping[str, int]
    others: float


def address_of(number: int) -> str:
    """Return a loopback address of this process's own."""
    return f"127.92.{os.getpid() % 250}.{number}"


@contextmanager
def sink_of(command: list[str]) -> Iterator[Collector]:
    """Run the collector that receives all spans, over OTLP/HTTP too, and forgets them."""
    document = sink()
    document["receivers"]["otlp"]["protocols"]["http"] = {"endpoint": f":{_OTLP_HTTP_PORT}"}
    address = address_of(3)
    with TemporaryDirectory() as folder:
        own = placed(document, address, address, Path(folder))
        with collector(command, own, address, Path(folder), collector_environment()) as found:
            yield found


def tracing(sink_address: str) -> dict[str, str]:
    """Return the environment of a traced service, as README.md tells teams: no limit, no sampling, only traces."""
    return {
        "OTEL_SERVICE_NAME": "shop",
        "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://{sink_address}:{_OTLP_HTTP_PORT}",
        "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf",
        "OTEL_TRACES_SAMPLER": "parentbased_always_on",
        # The platform receives traces only.
        "OTEL_METRICS_EXPORTER": "none",
        "OTEL_LOGS_EXPORTER": "none",
    }


def repetition(
    language: Language, prepared: Prepared, plan: Plan, received: Collector, report: Callable[[str], None]
) -> Repetition:
    """Start both services, warm them up, and measure every path; `LabError` if not every span arrives."""
    work = {"ROUNDS": str(language.rounds), "WAIT_MS": str(plan.wait_milliseconds)}
    launches = prepared.launches
    with (
        running(launches[PLAIN], address_of(1), work) as plain,
        running(launches[TRACED], address_of(2), work | tracing(received.address)) as traced,
    ):
        services = {TRACED: traced, PLAIN: plain}
        report("warm up")
        _warm_up(services, plan, language.warm_up_factor)
        pids = [plain.pid, traced.pid, received.pid]
        begin, busy = time.monotonic(), other_seconds(pids)
        used = {}
        for path in plan.rates:
            report(path)
            used[path] = _measure(services, plan, path, language.spans[path], received)
        others = (other_seconds(pids) - busy) / (time.monotonic() - begin)
        return Repetition(used, {name: resident_bytes(each.pid) for name, each in services.items()}, others)


def _warm_up(services: Mapping[str, Service], plan: Plan, factor: int) -> None:
    """Use all paths as fast as it goes. Traced first: its last spans arrive while the other one is used."""
    seconds = plan.warm_up_seconds * factor
    for service in services.values():
        for path in plan.rates:
            service.use(path, seconds / len(plan.rates), 0)
    time.sleep(max(0.0, _EXPORT_SECONDS + 1 - seconds))


def _measure(
    services: Mapping[str, Service], plan: Plan, path: str, spans: int, received: Collector
) -> dict[str, Used]:
    """Use one after the other; both CPU times last from the first operation to the arrival of the last span."""
    operations = plan.operations(path)
    count = received.counter(_RECEIVED)
    before = {name: cpu_seconds(service.pid) for name, service in services.items()}
    latencies = {name: service.use(path, operations, plan.rates[path]) for name, service in services.items()}
    _wait_for(operations * spans, path, lambda: int(received.counter(_RECEIVED) - count))
    return {
        name: Used(operations, cpu_seconds(service.pid) - before[name], tuple(latencies[name]))
        for name, service in services.items()
    }


def _wait_for(expected: int, path: str, arrived: Callable[[], int]) -> None:
    """Return when the expected spans have arrived; `LabError` when too few have in the end, or more than a few."""
    deadline = time.monotonic() + _ARRIVAL_SECONDS
    while arrived() < expected and time.monotonic() < deadline:
        time.sleep(_LOOK_SECONDS)
    # Those of requests that nobody expects come in the same exports or right after.
    time.sleep(_LOOK_SECONDS)
    if not expected <= (found := arrived()) <= expected * (1 + _SURPLUS):
        raise LabError(
            f"{found} spans of {path} arrived, {expected} were expected: what was measured is not what is said.",
            "Close other programs and run this again; after an upgrade, count the spans of an operation anew.",
        )
