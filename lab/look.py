"""Look at what runs: daemons, Pods, logs, traces."""

import datetime as dt
import json
from typing import Any

from kubernetes import client
from rich.console import Console
from rich.table import Column, Table

from lab.errors import LabError
from lab.node import Node
from lab.service import TIMEOUT_SECONDS, Cluster, Service
from lab.target import Target
from lab.trace import draw, fetch, search
from render.names import TEMPO, TEMPO_HTTP_PORT
from settings.stack import StackSettings


def status(target: Target, settings: StackSettings, console: Console) -> None:
    """Print the node's daemons, when it is the lab's own, and the stack's Pods."""
    if target.node:
        _daemons(target.node, console)
    table = Table("pod", "ready", "restarts", "phase", Column("image", overflow="fold"), box=None)
    for pod in _pods(target.cluster(), settings):
        states = pod.status.container_statuses or []
        ready = f"{sum(bool(s.ready) for s in states)}/{len(pod.spec.containers)}"
        restarts = str(sum(int(s.restart_count) for s in states))
        table.add_row(str(pod.metadata.name), ready, restarts, str(pod.status.phase), pod.spec.containers[0].image)
    console.print(table)


def _daemons(node: Node, console: Console) -> None:
    daemons = node.status()
    table = Table("daemon", "state", "since (UTC)", "log", box=None)
    for daemon in daemons:
        since = dt.datetime.fromtimestamp(daemon.since, dt.UTC).strftime("%H:%M:%S")
        table.add_row(daemon.name, daemon.state, since, daemon.log.name)
    console.print(table)
    for folder in {daemon.log.parent for daemon in daemons}:
        console.print(f"Logs are in {folder}\n", highlight=False)


def logs(target: Target, settings: StackSettings, console: Console, pod: str, lines: int) -> None:
    """Print the last lines of the Pods whose names begin so."""
    _refuse_simulated(target)
    cluster, namespace = target.cluster(), settings.environment.namespace
    chosen = [p.metadata.name for p in _pods(cluster, settings) if p.metadata.name.startswith(pod)]
    if not chosen:
        raise LabError(f"No Pod in {namespace} has a name that begins with {pod!r}.", "See `make status`.")
    for name in chosen:
        console.rule(name)
        text = _log(cluster, name, namespace, lines)
        console.print(text, markup=False, highlight=False, soft_wrap=True)


def _log(cluster: Cluster, pod: str, namespace: str, lines: int) -> str:
    """Return the last lines of a Pod, or why there are none: a container that waits has no log."""
    try:
        return str(
            cluster.core.read_namespaced_pod_log(
                pod, namespace, tail_lines=lines, _request_timeout=TIMEOUT_SECONDS
            )
        )
    except client.ApiException as error:
        said = json.loads(error.body or "{}")
        return f"No log: {said.get('message', error.reason)}"


def query(target: Target, settings: StackSettings, console: Console, traceql: str) -> None:
    """Print the ids of the traces found in the last hour."""
    _refuse_simulated(target)
    found = search(target.cluster(), _tempo(settings), traceql)
    console.print("\n".join(found) or "Nothing found in the last hour.", highlight=False)


def trace(target: Target, settings: StackSettings, console: Console, trace_id: str) -> None:
    """Print one trace as a tree, with the attributes of its spans."""
    _refuse_simulated(target)
    spans = fetch(target.cluster(), _tempo(settings), trace_id)
    if not spans:
        raise LabError(f"Tempo has no trace {trace_id}.", "It may be undecided still, sampled out, or expired.")
    console.print(draw(spans))
    for span in sorted(spans, key=lambda span: span.start_ns):
        console.print(f"\n{span.service}  {span.name}", style="bold", highlight=False)
        for key, value in sorted(span.attributes.items()):
            console.print(f"  {key} = {value}", markup=False, highlight=False)


def _refuse_simulated(target: Target) -> None:
    if target.simulated:
        raise LabError(
            "The nodes of this lab are simulated: its Pods say nothing and hold no trace.",
            "See what was created by `make status`, or run Pods for real: make down up",
        )


def _pods(cluster: Cluster, settings: StackSettings) -> list[Any]:
    namespace = settings.environment.namespace
    items: list[Any] = cluster.core.list_namespaced_pod(namespace, _request_timeout=TIMEOUT_SECONDS).items
    return sorted(items, key=lambda pod: str(pod.metadata.name))


def _tempo(settings: StackSettings) -> Service:
    return Service(settings.environment.namespace, TEMPO, TEMPO_HTTP_PORT)
