"""`python -m bench`: compare prod's preview and prod's gateway, each with the least that could do its work."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from cli.command import run

app = typer.Typer(help=__doc__, add_completion=False, pretty_exceptions_enable=False)


@app.callback(invoke_without_command=True)
def both(context: typer.Context) -> None:
    """Run preview and gateway unless one is named."""
    if context.invoked_subcommand is None:
        preview()
        gateway()


@app.command()
def preview() -> None:
    """Compare prod's preview with a program that only imports the same SDKs."""
    # Imported here because that takes a second, in which Ctrl-C must end in a sentence, not a traceback.
    from bench.preview import bench  # noqa: PLC0415
    from lab.commands.app import OUTPUT  # noqa: PLC0415

    bench(OUTPUT)


@app.command()
def gateway(
    *,
    config: Annotated[Path | None, typer.Option(help="Measure this configuration instead of prod's.")] = None,
    runs: Annotated[int, typer.Option(min=1, max=20, help="How often everything is measured.")] = 3,
    shares: Annotated[bool, typer.Option(help="Also measure the share of each part.")] = True,
) -> None:
    """Compare prod's gateway with a bare collector of the same binary."""
    from bench.gateway.command import CONFIG  # noqa: PLC0415
    from bench.gateway.command import gateway as measure  # noqa: PLC0415
    from lab.commands.app import OUTPUT  # noqa: PLC0415

    measure(OUTPUT, config or CONFIG, runs, shares=shares)


@app.command()
def throughput(
    seconds: Annotated[float, typer.Option(min=10, max=300, help="How long a rate is held.")] = 60,
) -> None:
    """Find how many spans a second prod's gateways take with what they request."""
    from bench.throughput.command import throughput as measure  # noqa: PLC0415
    from lab.commands.app import OUTPUT  # noqa: PLC0415

    measure(OUTPUT, seconds)


@app.command()
def scaling() -> None:
    """Compare what three gateways take with what one takes."""
    from bench.throughput.scaling import scaling as measure  # noqa: PLC0415
    from lab.commands.app import OUTPUT  # noqa: PLC0415

    measure(OUTPUT)


@app.command()
def queries(
    stack: Annotated[str, typer.Option(envvar="STACK", help="The stack that runs.")] = "dojo",
    seconds: Annotated[float, typer.Option(min=10, max=300, help="How long questions are asked.")] = 75,
) -> None:
    """Time searches and traces by id while a running stack receives its peak, and twice that."""
    from bench.queries.command import queries as measure  # noqa: PLC0415
    from lab.commands.app import OUTPUT  # noqa: PLC0415

    measure(OUTPUT, stack, seconds)


@app.command()
def overhead(
    *,
    only: Annotated[list[str] | None, typer.Option(help="Measure this language only; may be given again.")] = None,
) -> None:
    """Compare a service in Python, Java, Node and Go with the same one under OpenTelemetry (8 minutes)."""
    from bench.overhead.command import overhead as measure  # noqa: PLC0415
    from lab.commands.app import OUTPUT  # noqa: PLC0415

    measure(OUTPUT, only or ())


def main() -> int:
    """Run the benchmarks as a command of the lab; return its exit code."""
    from lab.commands.app import run_command  # noqa: PLC0415

    return run_command(app)


if __name__ == "__main__":
    sys.exit(run(main))
