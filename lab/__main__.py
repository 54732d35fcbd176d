"""`python -m lab`: hand over to `lab.commands.app`, and take an interrupt from the first moment on."""

import sys

from cli.command import run


def main() -> int:
    """Run the lab's command line; return its exit code."""
    # Here, because it loads modules for a second: Ctrl-C meanwhile is an interrupt like any other.
    from lab.commands.app import main as commands  # noqa: PLC0415

    return commands()


if __name__ == "__main__":
    sys.exit(run(main))
