"""The lab's command line, `python -m lab`; the Makefile's targets are thin names for it."""

import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from lab import build, down, look
from lab.catalogue import TOOLS
from lab.errors import LabError
from lab.progress import Progress
from lab.roundtrip import round_trip, show
from lab.target import current
from lab.up import deployable_settings
from lab.up import up as bring_up
from lab.verify import verify as run_everything

app = typer.Typer(help=__doc__, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
_out = Console()
_Stack = Annotated[str, typer.Option(envvar="STACK", help="Which Pulumi.<stack>.yaml.")]
_DOJO = "dojo"


@app.command()
def up(stack: _Stack = _DOJO) -> None:
    """Build what is missing, deploy, send a request and show its trace."""
    with Progress() as progress:
        deployed = bring_up(stack, progress)
        found = round_trip(deployed.target.cluster(), deployed.settings, progress)
    show(found, deployed.settings.environment.namespace, _out)


@app.command()
def preview(stack: _Stack = _DOJO) -> None:
    """Say what `up` would change, with the real engine."""
    with Progress() as progress, progress.step("preview") as step:
        outcome = current().engine(stack).preview(diff=True, update=step.update)
    _out.print(outcome.text, markup=False, highlight=False)


@app.command()
def status(stack: _Stack = _DOJO) -> None:
    """Show what runs: the node's daemons and the stack's Pods."""
    look.status(current(), deployable_settings(stack), _out)


@app.command()
def logs(stack: _Stack = _DOJO, pod: str = "", lines: int = 40) -> None:
    """Show the last lines of every Pod, or of those whose name begins with POD."""
    look.logs(current(), deployable_settings(stack), _out, pod, lines)


@app.command()
def query(traceql: str, stack: _Stack = _DOJO) -> None:
    """Search the last hour by TraceQL."""
    look.query(current(), deployable_settings(stack), _out, traceql)


@app.command()
def trace(trace_id: str, stack: _Stack = _DOJO) -> None:
    """Show one trace as a tree."""
    look.trace(current(), deployable_settings(stack), _out, trace_id)


@app.command("down")
def down_(stack: _Stack = _DOJO) -> None:
    """Stop the lab's node and keep its data; on a cluster of your own, remove the stack."""
    with Progress() as progress:
        down.down(stack, progress)


@app.command()
def clean(
    stack: _Stack = _DOJO, *, tools: Annotated[bool, typer.Option(help="Also the built tools.")] = False
) -> None:
    """Stop the lab and delete its data."""
    with Progress() as progress:
        down.clean(stack, progress, tools=tools)


@app.command()
def tools() -> None:
    """Build every tool that is missing."""
    with Progress() as progress, build.BuildQueue(progress, list(TOOLS)) as queue:
        for name in TOOLS:
            queue.wait(name)


@app.command()
def verify() -> None:
    """Run every test on real parts, on a lab of its own."""
    if not run_everything(_out):
        raise typer.Exit(1)


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
    """Print shell lines that point kubectl at the lab's cluster."""
    print(f"export KUBECONFIG={current().kubeconfig}")


def main(run: Callable[[], None] = app) -> int:
    """Run a command; a LabError is two sentences and exit code 1, an interrupt one and 130."""
    # Being told to end is an interrupt too: builds and the engine are ended with us, not left behind.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        run()
    except LabError as error:
        # No markup: messages quote settings and paths, which may hold square brackets.
        Console(stderr=True).print(
            "", Text(error.what, style="red"), error.fix, sep="\n", highlight=False, markup=False
        )
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted. Run the same command again: it goes on from here.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
