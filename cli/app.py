"""Check stack files, print what follows from them, write the files and resources of a stack."""

import argparse

from cli import capacity, check, cost, documents, network, plan, record, schema, snapshot, stacks

_COMMANDS = (check, schema, cost, plan, capacity, network, stacks, snapshot, record, documents)


def main(arguments: list[str] | None = None, prog: str = "python -m cli") -> int:
    """Run one command; return 0, or 1 if it refused a file."""
    parser = argparse.ArgumentParser(
        prog=prog, description=__doc__, epilog=f"`{prog} COMMAND --help` explains a command."
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for command in _COMMANDS:
        command.register(commands)
    parsed = parser.parse_args(arguments)
    code: int = parsed.run(parsed)
    return code
