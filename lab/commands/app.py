"""The lab's command line, `python -m lab`; most targets of the Makefile are one of its commands."""

import shlex
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from cli import command
from lab.commands import down, look
from lab.commands.kubeconfig import write_kubeconfig
from lab.commands.page import serve_page
from lab.commands.plugins import plugins as install
from lab.commands.preview import PREVIEW, Kept, refuse_drift
from lab.commands.preview import preview as previewed
from lab.commands.ready import report
from lab.commands.up import start_simulated, up_simulated
from lab.commands.up import up as bring_up
from lab.errors import LabError
from lab.paths import explained
from lab.progress import Progress
from lab.target.own_cluster import agreed_to_change, agreed_to_destroy
from lab.target.stacks import stack_settings
from lab.target.target import current
from lab.toolchain import build
from lab.toolchain.catalogue import TOOLS
from lab.toolchain.queue import build_all
from lab.traces.load import Load, send_load
from lab.traces.pipelines import pipelines as made_pipelines
from lab.traces.roundtrip import round_trip, send_pipelines, show
from lab.traces.tempo import checked_id
from lab.traces.traceql import given_query

app = typer.Typer(help=__doc__, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


class _Output(Console):
    """Standard output, a terminal or a pipe."""

    def on_broken_pipe(self) -> None:
        """Exit with the code of a closed pipe; rich would exit with 1, the code of an error."""
        raise SystemExit(command.READER_GONE)


OUTPUT = _Output()
_SIMULATED, _OLDER_NAME = "simulated", "engine"
_Stack = Annotated[str, typer.Option(envvar="STACK", help="Read the settings in Pulumi.<stack>.yaml.")]
_On = Annotated[str, typer.Option(envvar="TARGET", help=f"`{_SIMULATED}`: simulated nodes and a simulated cloud.")]
_Events = Annotated[str, typer.Option(envvar="EVENTS", help="Keep the engine's event log in this folder.")]
_Digest = Annotated[str, typer.Option(envvar="DIGEST", help="Write the digest of the preview into this file.")]
_Approved = Annotated[str, typer.Option(envvar="DIGEST", help="Deploy only what has the digest in this file.")]
_Tenant = Annotated[str, typer.Option(envvar="TENANT", help="Query this tenant only.")]
_DOJO = "dojo"
_LOG_LINES = 40
# Not Grafana's own 3000, which a developer's server often has.
_PAGE_PORT = 8300
# Within what Tempo 2.x still counts in TraceQL metrics, which a search finds at any age.
_RECENT_SECONDS = 240.0


@app.command()
def up(stack: _Stack = _DOJO, target: _On = "", digest: _Approved = "") -> None:
    """Build missing tools, deploy, send a request and show its trace; if simulated, list the resources."""
    approved = _path(digest)
    if _is_simulated(target):
        with Progress() as progress:
            where = up_simulated(stack, progress, approved)
        look.created(where, stack_settings(stack), OUTPUT, stack)
        return
    cluster, settings = agreed_to_change(stack), stack_settings(stack)
    with Progress() as progress:
        where = bring_up(stack, progress, cluster, approved)
        found = round_trip(where.cluster(), settings, progress)
    show(found, settings.environment.namespace, OUTPUT)


@app.command()
def preview(stack: _Stack = _DOJO, target: _On = "", events: _Events = "", digest: _Digest = "") -> None:
    """Show what `up` would change, as the real engine reports it; start the simulated nodes if asked for."""
    with Progress() as progress:
        where = start_simulated(progress, PREVIEW) if _is_simulated(target) else current()
        outcome = previewed(where, stack, progress, Kept(_path(events), _path(digest)))
    OUTPUT.print(outcome.text, markup=False, highlight=False, soft_wrap=True)


@app.command()
def drift(stack: _Stack = _DOJO) -> None:
    """Show how a deployed stack differs from its settings, and fail if it does."""
    with Progress() as progress:
        outcome = previewed(current(), stack, progress)
    OUTPUT.print(outcome.text, markup=False, highlight=False, soft_wrap=True)
    refuse_drift(stack, outcome)


@app.command()
def ready(stack: _Stack = _DOJO, target: _On = "") -> None:
    """Report whether a cluster and an account meet what a stack needs; nothing is changed."""
    if _is_simulated(target):
        with Progress() as progress:
            start_simulated(progress)
    report(stack)


@app.command()
def status(stack: _Stack = _DOJO) -> None:
    """Show what runs: the node's daemons and the stack's Pods."""
    look.status(current(), stack_settings(stack), OUTPUT)


@app.command()
def logs(
    stack: _Stack = _DOJO,
    pod: str = "",
    lines: Annotated[int, typer.Option(min=1)] = _LOG_LINES,
    namespace: Annotated[str, typer.Option(help="Another namespace than the stack's.")] = "",
) -> None:
    """Show the last lines of every Pod, or of the Pods with POD in their names."""
    look.logs(current(), stack_settings(stack), OUTPUT, pod, lines, namespace=namespace)


@app.command()
def query(
    traceql: Annotated[str, typer.Argument(help="The query, or - to read it from standard input.")] = "",
    file: Annotated[str, typer.Option(help="Read the query from this file.")] = "",
    tenant: _Tenant = "",
    stack: _Stack = _DOJO,
) -> None:
    """Search the last hour by TraceQL."""
    wanted = given_query(traceql, file)
    look.query(current(), stack_settings(stack), OUTPUT, wanted, tenant)


@app.command()
def trace(trace_id: str, tenant: _Tenant = "", stack: _Stack = _DOJO) -> None:
    """Show one trace as a tree."""
    look.trace(current(), stack_settings(stack), OUTPUT, checked_id(trace_id), tenant)


@app.command("look")
def page(
    stack: _Stack = _DOJO,
    port: Annotated[int, typer.Option(min=0, max=65535, help="On 127.0.0.1; 0 takes any free one.")] = _PAGE_PORT,
) -> None:
    """Serve a page with traces, service map and dashboards until Ctrl-C; an installed Grafana in its place."""
    serve_page(current(), stack, stack_settings(stack), port, OUTPUT)


@app.command()
def load(
    stack: _Stack = _DOJO,
    seconds: Annotated[float, typer.Option(min=1, max=3600, help="How long.")] = 60,
    rate: Annotated[int, typer.Option(min=1, max=100, help="Traces a second.")] = 5,
    seed: Annotated[int, typer.Option(help="The same seed gives the same requests.")] = 1,
) -> None:
    """Send the traces of a small shop: some slow, some failing, some with spans that never arrive."""
    target, settings = current(), stack_settings(stack)
    wanted = Load(seconds=seconds, traces_per_second=rate, seed=seed)
    with Progress() as progress:
        sent = send_load(target.cluster(), settings, progress, wanted)
    OUTPUT.print(f"Sent {sent} traces. Look: make query Q='{{ status = error }}'", markup=False, highlight=False)


@app.command()
def pipelines(
    hours: Annotated[float, typer.Option(min=1, max=36, help="Hours of work, until now.")] = 20,
    seed: Annotated[int, typer.Option(help="Another number makes other pipelines.")] = 1,
    stack: _Stack = _DOJO,
    *,
    recent: Annotated[bool, typer.Option(help="Let all of them end within the last minutes.")] = False,
) -> None:
    """Send realistic traces of builds and deployments, as docs/dora.md reads them."""
    with Progress() as progress:
        made = made_pipelines(seed, hours, time.time() - 1, _RECENT_SECONDS if recent else None)
        sent = send_pipelines(current().cluster(), stack_settings(stack), progress, made)
    OUTPUT.print(
        f"{sent} traces were sent. Next: make query Q='{{ span.deployment.status != nil }}'", markup=False
    )


@app.command("down")
def down_(stack: _Stack = _DOJO) -> None:
    """Stop the lab's node and keep its data; on a cluster of your own, destroy the stack after you confirm."""
    cluster = agreed_to_destroy(stack)
    with Progress() as progress:
        down.down(stack, progress, cluster)


@app.command()
def clean(
    stack: _Stack = _DOJO, *, tools: Annotated[bool, typer.Option(help="Also delete the built tools.")] = False
) -> None:
    """Stop the lab and delete its data; on a cluster of your own, destroy the stack as `down` does."""
    cluster = agreed_to_destroy(stack)
    with Progress() as progress:
        down.clean(stack, progress, cluster, tools=tools)


@app.command()
def tools() -> None:
    """Build every missing tool."""
    with Progress() as progress:
        build_all(list(TOOLS), progress)


@app.command()
def plugins() -> None:
    """Build the engine and install its resource plugins, as a stack on a real cloud needs them."""
    with Progress() as progress:
        install(progress, OUTPUT)


@app.command()
def kubeconfig(stack: _Stack = _DOJO) -> None:
    """Write the kubeconfig that FAWKES_KUBECONFIG names, for a stack's EKS cluster."""
    print(write_kubeconfig(stack))


@app.command()
def path(tool: str) -> None:
    """Print the path of a tool's program."""
    if tool not in TOOLS:
        raise LabError(f"There is no tool {tool!r}.", f"Choose one of {', '.join(TOOLS)}.")
    if (found := build.find(tool)) is None:
        raise LabError(f"{tool} is not built yet.", "Run `make tools`.")
    print(found)


@app.command()
def env() -> None:
    """Print shell lines that point kubectl at the lab's cluster, and AWS clients at its simulated cloud."""
    for name, value in current().environment.items():
        print(f"export {name}={shlex.quote(value)}")


def _path(typed: str) -> Path | None:
    return Path(typed).expanduser() if typed else None


def _is_simulated(target: str) -> bool:
    if target == _OLDER_NAME:
        print(f"TARGET={_OLDER_NAME} is the older name of TARGET={_SIMULATED}.", file=sys.stderr)
    elif target not in {"", _SIMULATED}:
        raise LabError(
            f"TARGET is {target!r}; allowed are nothing and {_SIMULATED!r}.",
            f"Leave it out to run Pods on the lab's own node; TARGET={_SIMULATED} simulates nodes and cloud.",
        )
    return bool(target)


def run_command(run: Callable[[], None]) -> int:
    """Run a command and return its exit code: 1 after a LabError, 130 after an interrupt.

    A file error that a user can fix counts as a LabError. Any other exception is a bug and keeps its traceback.
    """
    # A request to terminate is handled like Ctrl-C: builds and the engine are stopped, not left behind.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    command.speak_any_text()
    try:
        try:
            run()
        except OSError as error:
            if not command.is_foreseeable(error):
                raise
            raise explained(error) from error
    except LabError as error:
        # No markup: messages quote settings and paths, which may hold square brackets. No wrapping: commands are
        # copied from it.
        message = ("", Text(error.what, style="red"), error.fix)
        Console(stderr=True).print(*message, sep="\n", highlight=False, markup=False, soft_wrap=True)
        return 1
    except (KeyboardInterrupt, SystemExit) as exit_:
        # Typer turns an interrupt into this exit code and prints nothing.
        if isinstance(exit_, SystemExit) and exit_.code != command.INTERRUPTED:
            raise
        print("\nInterrupted. Run the same command again: it resumes from here.", file=sys.stderr)
        return command.INTERRUPTED
    return 0
