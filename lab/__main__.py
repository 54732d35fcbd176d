"""`python -m lab`: run a command of `lab.commands.app`."""

import sys

from cli.command import run


def main() -> int:
    """Run the lab's command line; return its exit code."""
    # Imported here because that takes a second, in which Ctrl-C must end in a sentence, not a traceback.
    from lab.commands.app import app, run_command  # noqa: PLC0415

    return run_command(app)


if __name__ == "__main__":
    sys.exit(run(main))
