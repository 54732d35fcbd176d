"""`python -m cli`: run `cli.app`, handling an interrupt from the first import on."""

import sys

from cli.command import run


def main() -> int:
    """Run the command line; return its exit code."""
    # Imported here because it takes a second: Ctrl-C during that second is handled, too.
    from cli.app import main as app  # noqa: PLC0415

    return app()


if __name__ == "__main__":
    sys.exit(run(main))
