"""The lab's command line, `python -m lab`; the Makefile's targets are thin names for it."""

import shlex
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from cli import command
from lab.commands import created, down, look, simulated
from lab.commands.bench import bench as run_bench
from lab.commands.up import up as bring_up
from lab.commands.verify import verify as run_everything
from lab.engine.plugins import engine_tools
from lab.errors import LabError
from lab.paths import explained
from lab.progress import Progress
from lab.target import own_cluster
from lab.target.stacks import stack_settings
from lab.target.target import current, users_cluster
from lab.toolchain import build
from lab.toolchain.catalogue import TOOLS
from lab.toolchain.queue import build_all
from lab.traces.roundtrip import round_trip, show
from lab.traces.tempo import checked_id
from lab.traces.traceql import given_query

app = typer.Typer(help=__doc__, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


class _Output(Console):
    """The screen, or what the output is piped into."""

    def on_broken_pipe(self) -> None:
        """End the command in order when nobody reads any more, with a code that says so."""
        raise SystemExit(command.READER_GONE)


_out = _Output()
_ENGINE, _PREVIEW = "engine", "preview"
_Stack = Annotated[str, typer.Option(envvar="STACK", help="Which Pulumi.<stack>.yaml.")]
_On = Annotated[str, typer.Option(envvar="TARGET", help=f"`{_ENGINE}`: simulated nodes and a simulated cloud.")]
_Tenant = Annotated[str, typer.Option(envvar="TENANT", help="Ask as this tenant alone.")]
_DOJO = "dojo"
_LOG_LINES = 40


@app.command()
def up(stack: _Stack = _DOJO, target: _On = "") -> None:
    """Build what is missing, deploy, send a request and show its trace; or show what was created."""
    if _is_engine(target):
        with Progress() as progress:
            deployed = simulated.up(stack, progress)
        created.show(deployed.target, stack, deployed.settings, _out)
        return
    cluster = users_cluster()
    own_cluster.agree_to_change(cluster, stack, stack_settings(stack))
    with Progress() as progress:
        deployed = bring_up(stack, progress, cluster)
        found = round_trip(deployed.target.cluster(), deployed.settings, progress)
    show(found, deployed.settings.environment.namespace, _out)


@app.command()
def preview(stack: _Stack = _DOJO, target: _On = "") -> None:
    """Say what `up` would change, with the real engine; simulated nodes are started for it."""
    with Progress() as progress:
        where = simulated.start(progress, _PREVIEW) if _is_engine(target) else current()
        if where.node is None:
            build_all(engine_tools(), progress)
            own_cluster.shared_state(where, stack, stack_settings(stack)).fetch()
        with progress.step(_PREVIEW) as step:
            outcome = where.engine(stack).preview("--diff", update=step.update)
    _out.print(outcome.text, markup=False, highlight=False, soft_wrap=True)


@app.command()
def status(stack: _Stack = _DOJO) -> None:
    """Show what runs: the node's daemons and the stack's Pods."""
    look.status(current(), stack_settings(stack), _out)


@app.command()
def logs(stack: _Stack = _DOJO, pod: str = "", lines: Annotated[int, typer.Option(min=1)] = _LOG_LINES) -> None:
    """Show the last lines of every Pod, or of those with POD in their names."""
    look.logs(current(), stack_settings(stack), _out, pod, lines)


@app.command()
def query(
    traceql: Annotated[str, typer.Argument(help="The query, or - to read it from standard input.")] = "",
    file: Annotated[str, typer.Option(help="Read the query from this file.")] = "",
    tenant: _Tenant = "",
    stack: _Stack = _DOJO,
) -> None:
    """Search the last hour by TraceQL."""
    wanted = given_query(traceql, file)
    look.query(current(), stack_settings(stack), _out, wanted, tenant)


@app.command()
def trace(trace_id: str, tenant: _Tenant = "", stack: _Stack = _DOJO) -> None:
    """Show one trace as a tree."""
    look.trace(current(), stack_settings(stack), _out, checked_id(trace_id), tenant)


@app.command("down")
def down_(stack: _Stack = _DOJO) -> None:
    """Stop the lab's node and keep its data; on a cluster of your own, destroy the stack once you said yes."""
    cluster = users_cluster()
    own_cluster.agree_to_destroy(cluster, stack, stack_settings(stack))
    with Progress() as progress:
        down.down(stack, progress, cluster)


@app.command()
def clean(
    stack: _Stack = _DOJO, *, tools: Annotated[bool, typer.Option(help="Also the built tools.")] = False
) -> None:
    """Stop the lab and delete its data; on a cluster of your own, as down."""
    cluster = users_cluster()
    own_cluster.agree_to_destroy(cluster, stack, stack_settings(stack))
    with Progress() as progress:
        down.clean(stack, progress, cluster, tools=tools)


@app.command()
def tools() -> None:
    """Build every tool that is missing."""
    with Progress() as progress:
        build_all(list(TOOLS), progress)


@app.command()
def verify() -> None:
    """Run every test on real parts, on a lab of its own."""
    if not run_everything(_out):
        raise typer.Exit(1)


@app.command()
def bench() -> None:
    """Compare prod's preview with a program that only imports the same SDKs."""
    run_bench(_out)


@app.command()
def path(tool: str) -> None:
    """Print where a tool's program is."""
    if tool not in TOOLS:
        raise LabError(f"There is no tool {tool!r}.", f"Choose one of {', '.join(TOOLS)}.")
    found: Path | None = build.find(tool)
    if found is None:
        raise LabError(f"{tool} is not built yet.", "Run `make tools`.")
    print(found)


@app.command()
def env() -> None:
    """Print shell lines that point kubectl at the lab's cluster, and clients of AWS at its simulated cloud."""
    for name, value in current().environment.items():
        print(f"export {name}={shlex.quote(value)}")


def _is_engine(target: str) -> bool:
    if target not in {"", _ENGINE}:
        raise LabError(
            f"TARGET is {target!r}; allowed are nothing and {_ENGINE!r}.",
            f"Leave it out to run Pods on the lab's own node; TARGET={_ENGINE} simulates nodes and cloud.",
        )
    return target == _ENGINE


def main(run: Callable[[], None] = app) -> int:
    """Run a command; a LabError is two sentences and exit code 1, an interrupt one and 130.

    So is what the system refuses, wherever that was not foreseen; mistakes of the lab's own keep their traceback.
    """
    # Being told to end is an interrupt too: builds and the engine are ended with us, not left behind.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    command.speak_any_text()
    try:
        _run(run)
    except LabError as error:
        # No markup: messages quote settings and paths, which may hold square brackets. No line breaks of
        # the console's: commands are copied from it.
        said = ("", Text(error.what, style="red"), error.fix)
        Console(stderr=True).print(*said, sep="\n", highlight=False, markup=False, soft_wrap=True)
        return 1
    except (KeyboardInterrupt, SystemExit) as ended:
        # Typer has its own way of saying that it was interrupted: this exit code, without a word.
        if isinstance(ended, SystemExit) and ended.code != command.INTERRUPTED:
            raise
        print("\nInterrupted. Run the same command again: it goes on from here.", file=sys.stderr)
        return command.INTERRUPTED
    return 0


def _run(run: Callable[[], None]) -> None:
    """Run a command; what the system refuses becomes a LabError."""
    try:
        run()
    except OSError as error:
        if not command.is_foreseeable(error):
            raise
        raise explained(error) from error
