"""`python -m cli`: hand over to `cli.app`, and handle an interrupt from the first moment on."""

import sys

from cli.command import run


def main() -> int:
    """Run the command line; return its exit code."""
    # Imported here because it loads modules for a second: Ctrl-C meanwhile is an interrupt like any other.
    from cli.app import main as app  # noqa: PLC0415

    return app()


if __name__ == "__main__":
    sys.exit(run(main))
