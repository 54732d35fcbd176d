"""Show what runs: daemons, Pods, logs, traces, and what was created on the simulated target."""

import datetime as dt
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import boto3
import botocore.session
from botocore.config import Config
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from lab.cluster.pods import logs_of, pods_in, view_of
from lab.errors import LabError
from lab.node import Node
from lab.plain import plain
from lab.target.target import Target
from lab.traces.tempo import fetch, search, tempo_of
from lab.traces.trace import draw
from settings.stack import StackSettings


def status(target: Target, settings: StackSettings, console: Console) -> None:
    """Print the daemons, if the node is the lab's own, and the stack's Pods."""
    if target.node:
        _daemons(target.node, console)
    namespace = settings.environment.namespace
    table = Table(
        Column("pod", overflow="fold"), "ready", "restarts", "state", Column("image", overflow="fold"), box=None
    )
    for pod in pods_in(target.cluster(), namespace):
        view = view_of(pod)
        table.add_row(view.name, view.ready, str(view.restarts), Text(view.state), view.image)
    if table.row_count:
        console.print(table)
    else:
        console.print(f"The namespace {namespace} has no Pods. Deploy: make up", highlight=False)


def _daemons(node: Node, console: Console) -> None:
    daemons = node.status()
    table = Table("daemon", "state", "since (UTC)", "log", box=None)
    for daemon in daemons:
        since = dt.datetime.fromtimestamp(daemon.since, dt.UTC).strftime("%H:%M:%S")
        table.add_row(daemon.name, daemon.state, since, daemon.log.name)
    console.print(table)
    for folder in {daemon.log.parent for daemon in daemons}:
        console.print(f"Logs are in {folder}\n", highlight=False)


def logs(  # noqa: PLR0913 - what people choose
    target: Target, settings: StackSettings, console: Console, pod: str, lines: int, *, namespace: str = ""
) -> None:
    """Print the last lines of every container of the Pods with `pod` in their names.

    `namespace` is another than the stack's, such as that of its Grafana.
    """
    _refuse_simulated(target)
    cluster, namespace = target.cluster(), namespace or settings.environment.namespace
    found = pods_in(cluster, namespace)
    chosen = [one for one in found if pod.lower() in one.metadata.name]
    if not chosen:
        names = ", ".join(one.metadata.name for one in found)
        what = f"No Pod in {namespace} has {pod!r} in its name." if found else f"There is no Pod in {namespace}."
        raise LabError(what, f"There are {names}." if found else "Deploy: make up")
    for one in chosen:
        for title, text in logs_of(cluster, one, lines):
            console.rule(Text(title))
            console.print(Text(text or "No lines yet."), soft_wrap=True)


def query(target: Target, settings: StackSettings, console: Console, traceql: str, tenant: str = "") -> None:
    """Print the ids of the traces found in the last hour, each with its tenants if there are any.

    Notes on the search go to standard error: only the ids are piped on.
    """
    _refuse_simulated(target)
    found, notes = search(tempo_of(target.cluster(), settings, tenant), traceql)
    for trace_id, tenants in found.items():
        console.print(Text(plain("  ".join(filter(None, (trace_id, ", ".join(tenants)))))), soft_wrap=True)
    for note in notes:
        print(note, file=sys.stderr)


def trace(target: Target, settings: StackSettings, console: Console, trace_id: str, tenant: str = "") -> None:
    """Print one trace as a tree, with the attributes of its spans."""
    _refuse_simulated(target)
    tempo = tempo_of(target.cluster(), settings, tenant)
    found = fetch(tempo, trace_id)
    if not found.spans:
        of = f" of {tenants}" if (tenants := ", ".join(filter(None, tempo.tenants))) else ""
        fix = "The sampler may not have decided yet, or dropped it, or it expired."
        if found.missing:
            fix = f"It has not searched everything: {found.missing}. Try again."
        raise LabError(f"Tempo has no trace {trace_id}{of}.", fix)
    console.print(draw(found.spans, console.width))
    if any(found.tenants):
        console.print(Text(f"\nOf {', '.join(found.tenants)}"))
    if found.missing:
        console.print(Text(f"\nIncomplete: {found.missing}", style="yellow"))
    for span in sorted(found.spans, key=lambda span: span.start_ns):
        text = Text.assemble("\n", (f"{plain(span.service)}  {plain(span.name)}", "bold"))
        for key, value in sorted(span.attributes.items()):
            text.append(f"\n  {plain(key)} = {plain(value)}")
        console.print(text, soft_wrap=True)


def _refuse_simulated(target: Target) -> None:
    if target.simulated:
        raise LabError(
            "The nodes of this lab are simulated: its Pods have no logs and no traces.",
            "`make status` shows what was created; `make down up` runs real Pods.",
        )


def created(target: Target, settings: StackSettings, console: Console, stack: str) -> None:
    """Print the number of resources of each kind, what the cloud reports, and the commands that show more."""
    resources: list[dict[str, Any]] = target.engine(stack).export_state()["deployment"]["resources"]
    table = Table(Column("created", overflow="fold"), Column("", overflow="fold"), box=None)
    for kind, count in sorted(counted(resources).items()):
        table.add_row(kind, str(count))
    for what, said in _cloud(target.environment, settings):
        table.add_row(what, said)
    console.print(table, highlight=False)
    console.print(
        "\nThe nodes and the cloud are simulated: every resource was accepted, but no Pod really runs.\n"
        f"  make status STACK={stack}\n"
        f"  make preview STACK={stack}           after a change of the stack file\n"
        f'  eval "$(make -s env)"             then kubectl -n {settings.environment.namespace} get pods -o wide\n'
        f"  make down                         stops it; the next start begins empty\n",
        highlight=False,
        markup=False,
    )


def counted(resources: list[dict[str, Any]]) -> Counter[str]:
    """Count the resources in an engine's state by kind, as in `StatefulSet`, without components."""
    types = (str(resource["type"]) for resource in resources)
    # Left out are resources of the engine itself, and components, which only group others.
    return Counter(name.rpartition(":")[2] for name in types if not name.startswith(("pulumi:", "fawkes:")))


def cloud_session(environment: Mapping[str, str], region: str) -> boto3.Session:
    """Return a session with the credentials in a target's environment instead of this machine's own."""
    direct = botocore.session.get_session()
    # A proxy has no route to the node.
    direct.set_default_client_config(Config(proxies={}))
    return boto3.Session(
        botocore_session=direct,
        aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
        region_name=region,
    )


def _cloud(environment: Mapping[str, str], settings: StackSettings) -> Iterator[tuple[str, str]]:
    """Yield the buckets, KMS keys and roles that the simulated cloud itself reports."""
    session = cloud_session(environment, settings.object_store.region)
    address = environment["AWS_ENDPOINT_URL"]
    for bucket in session.client("s3", endpoint_url=address).list_buckets()["Buckets"]:
        yield "bucket", bucket["Name"]
    for alias in session.client("kms", endpoint_url=address).list_aliases()["Aliases"]:
        if "TargetKeyId" in alias and not alias["AliasName"].startswith("alias/aws/"):
            yield "key", f"{alias['AliasName']} ({alias['TargetKeyId']})"
    for role in session.client("iam", endpoint_url=address).list_roles()["Roles"]:
        yield "role", role["Arn"]
