"""`python -m tests.verify`: run every test on real parts, on a lab of its own; `make verify` calls it."""

import sys

from cli.command import run


def main() -> int:
    """Run every tier as a command of the lab; exit with 1 when anything failed."""
    # Imported here because it takes a second, during which Ctrl-C must print a sentence, not a traceback.
    from lab.commands.app import OUTPUT, run_command  # noqa: PLC0415
    from tests.verify.everything import verify  # noqa: PLC0415

    def everything() -> None:
        if not verify(OUTPUT):
            sys.exit(1)

    return run_command(everything)


if __name__ == "__main__":
    sys.exit(run(main))
