"""Send a realistic request through the agent, find it by TraceQL, and show it."""

import time
from collections.abc import Iterable
from dataclasses import dataclass

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from rich.console import Console
from rich.text import Text

from lab.cluster.rollout import not_ready
from lab.cluster.service import Cluster, Service
from lab.errors import LabError, lines_of
from lab.plain import plain
from lab.progress import Progress
from lab.traces.request import RUN_ATTRIBUTE, checkout_request
from lab.traces.tempo import Tempo, TempoAwayError, fetch, search, tempo_of
from lab.traces.trace import SpanView, draw
from render.names import AGENT, OTLP_HTTP_PORT
from settings.stack import StackSettings

_OK = 200
# The agent's first connection to a new gateway can be refused once or twice.
_SEND_TRIES_SECONDS = 30.0
# On top of the decision wait: idle trace, flush to the WAL, one search. Measured: 4 to 15 s.
_FIND_SECONDS = 60.0
_POLL_SECONDS = 0.5


@dataclass(frozen=True)
class RoundTrip:
    """A trace that was sent by OTLP and found by TraceQL."""

    query: str
    trace_id: str
    spans: list[SpanView]


def round_trip(cluster: Cluster, settings: StackSettings, progress: Progress) -> RoundTrip:
    """Send the request and wait until a search finds it; LabError, with what is not ready, when none does."""
    try:
        return _round_trip(cluster, settings, progress)
    except LabError as error:
        if not (waiting := not_ready(cluster, settings.environment.namespace)):
            raise
        raise LabError(f"{error.what}\nNot ready:\n{lines_of(waiting)}", error.fix) from error


def _round_trip(cluster: Cluster, settings: StackSettings, progress: Progress) -> RoundTrip:
    tempo = tempo_of(cluster, settings)
    sent = checkout_request()
    with progress.step("send a request"):
        send(cluster, settings, sent.body)
    query = f'{{ span.{RUN_ATTRIBUTE} = "{sent.run}" && status = error }}'
    wait = settings.sampling.decision_wait_seconds
    with progress.step("find it by TraceQL") as step:
        step.update(f"the gateway decides after {wait} s")
        trace_id = wait_for(tempo, query, wait + _FIND_SECONDS)
        spans = fetch(tempo, trace_id).spans
    if trace_id.zfill(32) != sent.trace_id:
        raise LabError(f"The search found {trace_id} instead of {sent.trace_id}.", "Report this.")
    return RoundTrip(query, trace_id, spans)


def wait_for(tempo: Tempo, query: str, seconds: float) -> str:
    """Return the id of the first trace found; LabError after `seconds`, or when Tempo refuses the query."""
    deadline = time.monotonic() + seconds
    away: TempoAwayError | None = None
    while time.monotonic() < deadline:
        try:
            (found, _), away = search(tempo, query, limit=1), None
            if found:
                return next(iter(found))
        except TempoAwayError as error:
            away = error
        time.sleep(_POLL_SECONDS)
    if away:
        raise TempoAwayError(f"The trace was sent, but for {seconds:.0f} s: {away.what}", away.fix) from away
    raise LabError(
        f"The trace was sent but not found within {seconds:.0f} s by {query}.",
        "Look at `make status` and `make logs`: the gateway samples, Tempo stores.",
    )


def send_pipelines(
    cluster: Cluster, settings: StackSettings, progress: Progress, requests: Iterable[ExportTraceServiceRequest]
) -> int:
    """Send traces of pipelines through the agent; return their number."""
    with progress.step("send traces of pipelines") as step:
        count = 0
        for count, request in enumerate(requests, 1):
            send(cluster, settings, request.SerializeToString())
            step.update(f"{count} sent")
    return count


def show(found: RoundTrip, namespace: str, console: Console) -> None:
    """Print the trace as a tree, and the commands that show more."""
    console.print(Text.assemble("\n", ("Found by", "bold"), f" {found.query}"))
    console.print(draw(found.spans, console.width))
    console.print(
        f"\nNext:\n"
        f"  make status                    the daemons and the Pods\n"
        f"  make logs                      the last lines of every Pod\n"
        f"  make query Q='{{ status = error }}'   any TraceQL search\n"
        f"  make trace ID={found.trace_id}\n"
        f'  eval "$(make -s env)"          then kubectl -n {namespace} get pods\n',
        highlight=False,
        markup=False,
    )


def send(cluster: Cluster, settings: StackSettings, body: bytes) -> None:
    """Send an OTLP request to the stack's agent; LabError when it refuses for half a minute."""
    agent = Service(settings.environment.namespace, AGENT, OTLP_HTTP_PORT)
    deadline = time.monotonic() + _SEND_TRIES_SECONDS
    while True:
        status, answer = cluster.request(agent, "/v1/traces", {"Content-Type": "application/x-protobuf"}, body)
        if status == _OK:
            return
        if time.monotonic() > deadline:
            quoted = plain(answer.decode(errors="replace")[:200])
            raise LabError(f"The agent refused the request: {status} {quoted}", "Look at `make logs`.")
        time.sleep(_POLL_SECONDS)
