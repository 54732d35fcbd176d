"""`python -m tests.faults`: run faults on the lab's Pods, and say what became of every trace."""

import sys
from typing import Annotated

import typer

from cli.command import run

app = typer.Typer(help=__doc__, add_completion=False, pretty_exceptions_enable=False)


@app.command()
def faults(
    *,
    only: Annotated[str, typer.Option(help="Run the faults of these names, separated by commas.")] = "",
    write: Annotated[bool, typer.Option(help="Write the result into docs/faults.md.")] = False,
) -> None:
    """Run every fault, or those that are named, on the running lab."""
    # Imported here because it takes a second, in which Ctrl-C must end in a sentence, not a traceback.
    from lab.commands.app import OUTPUT  # noqa: PLC0415
    from tests.faults.session import session  # noqa: PLC0415

    if not session(OUTPUT, only, write=write):
        sys.exit(1)


def main() -> int:
    """Run the faults as a command of the lab; return its exit code."""
    from lab.commands.app import run_command  # noqa: PLC0415

    return run_command(app)


if __name__ == "__main__":
    sys.exit(run(main))
