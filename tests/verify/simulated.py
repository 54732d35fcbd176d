"""`python -m tests.verify.simulated COMMAND…`: bring simulated nodes and cloud up, then become that command."""

import os
import sys

from cli.command import run


def main() -> int:
    """Return only when they do not come up."""
    # Imported here as in __main__.py.
    from lab.commands.app import run_command  # noqa: PLC0415
    from lab.commands.up import start_simulated  # noqa: PLC0415
    from lab.progress import Progress  # noqa: PLC0415

    def up_and_on() -> None:
        with Progress() as progress:
            start_simulated(progress)
        sys.stdout.flush()
        os.execvp(sys.argv[1], sys.argv[1:])  # noqa: S606 - the tests of this checkout

    return run_command(up_and_on)


if __name__ == "__main__":
    sys.exit(run(main))
