"""Send a realistic request through the agent, find it by TraceQL, and show it."""

import time
from dataclasses import dataclass

from rich.console import Console

from lab.errors import LabError
from lab.progress import Progress
from lab.request import RUN_ATTRIBUTE, checkout_request
from lab.service import Cluster, Service
from lab.trace import SpanView, draw, fetch, wait_for
from render.names import AGENT, OTLP_HTTP_PORT, TEMPO, TEMPO_HTTP_PORT
from settings.stack import StackSettings

_OK = 200
# The agent's first connection to a gateway that was just started can be refused once or twice.
_SEND_TRIES_SECONDS = 30.0
# On top of the decision: idle trace, write to the log, one search. Measured: 4 to 15 s.
_FIND_SECONDS = 60.0


@dataclass(frozen=True)
class RoundTrip:
    """A trace that went in by OTLP and came back."""

    query: str
    trace_id: str
    spans: list[SpanView]


def round_trip(cluster: Cluster, settings: StackSettings, progress: Progress) -> RoundTrip:
    """Send the request and wait until a search finds it; raise LabError when it does not."""
    namespace = settings.environment.namespace
    tempo = Service(namespace, TEMPO, TEMPO_HTTP_PORT)
    sent = checkout_request()
    with progress.step("send a request"):
        _send(cluster, Service(namespace, AGENT, OTLP_HTTP_PORT), sent.body)
    query = f'{{ span.{RUN_ATTRIBUTE} = "{sent.run}" && status = error }}'
    wait = settings.sampling.decision_wait_seconds
    with progress.step("find it by TraceQL") as step:
        step.update(f"the gateway decides after {wait} s")
        trace_id = wait_for(cluster, tempo, query, wait + _FIND_SECONDS)
        spans = fetch(cluster, tempo, trace_id)
    if trace_id.zfill(32) != sent.trace_id:
        raise LabError(f"The search found {trace_id} instead of {sent.trace_id}.", "Report this.")
    return RoundTrip(query, trace_id, spans)


def show(found: RoundTrip, namespace: str, console: Console) -> None:
    """Print the trace as a tree, and how to look further."""
    console.print(f"\n[bold]Found by[/] {found.query}")
    console.print(draw(found.spans))
    console.print(
        f"\nLook further:\n"
        f"  make status                    what runs, and where\n"
        f"  make logs                      what it says\n"
        f"  make query Q='{{ status = error }}'   any TraceQL search\n"
        f"  make trace ID={found.trace_id}\n"
        f'  eval "$(make -s env)"          then kubectl -n {namespace} get pods\n',
        highlight=False,
        markup=False,
    )


def _send(cluster: Cluster, agent: Service, body: bytes) -> None:
    deadline = time.monotonic() + _SEND_TRIES_SECONDS
    while True:
        status, answer = cluster.post(agent, "/v1/traces", body, "application/x-protobuf")
        if status == _OK:
            return
        if time.monotonic() > deadline:
            said = answer.decode(errors="replace")[:200]
            raise LabError(f"The agent refused the request: {status} {said}", "Look at `make logs`.")
        time.sleep(0.5)
