"""`python -m bench`: compare prod's preview with a program that only imports the same SDKs."""

import sys

from cli.command import run


def main() -> int:
    """Run the benchmark as a command of the lab; return its exit code."""
    # Imported here because that takes a second, in which Ctrl-C must end in a sentence, not a traceback.
    from bench.preview import bench  # noqa: PLC0415
    from lab.commands.app import OUTPUT, run_command  # noqa: PLC0415

    return run_command(lambda: bench(OUTPUT))


if __name__ == "__main__":
    sys.exit(run(main))
