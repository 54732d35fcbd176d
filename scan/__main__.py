"""`python -m scan [STACK...]`: what checkov and kube-score find in what stacks would deploy."""

import argparse
import sys

from cli.command import run


def main() -> int:
    """Scan the stacks named on the command line, or all; return 1 for a finding that is not accepted."""
    parser = argparse.ArgumentParser(prog="python -m scan", description=__doc__)
    parser.add_argument(
        "stacks", nargs="*", metavar="STACK", help="prod reads Pulumi.prod.yaml; all if none is named"
    )
    stacks = parser.parse_args().stacks
    # Imported here because that takes a second, in which Ctrl-C must end in a sentence, not a traceback.
    from lab.commands.app import OUTPUT, run_command  # noqa: PLC0415
    from scan.stacks import scan  # noqa: PLC0415

    return run_command(lambda: scan(stacks, OUTPUT))


if __name__ == "__main__":
    sys.exit(run(main))
