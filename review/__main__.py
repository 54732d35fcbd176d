"""`python -m review`: run `review.app`."""

import sys

from cli.command import run


def main() -> int:
    """Run the command line; return its exit code."""
    # Imported here because Pulumi's SDKs take a second: Ctrl-C during that second is handled, too.
    from review.app import main as app  # noqa: PLC0415

    return app()


if __name__ == "__main__":
    sys.exit(run(main))
