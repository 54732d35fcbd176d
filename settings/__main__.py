"""`python -m settings check FILE...`: an older name of `python -m cli check FILE...`."""

import sys

from cli.command import run


def main(arguments: list[str] | None = None) -> int:
    """Run the command line under this name; return its exit code."""
    from cli.app import main as app  # noqa: PLC0415 - as in cli/__main__.py

    return app(arguments, prog="python -m settings")


if __name__ == "__main__":
    sys.exit(run(main))
