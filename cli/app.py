"""Check stack files, print their schema and cost, and write what a stack would deploy to files."""

import argparse

from cli import check, cost, documents, record, schema, snapshot

_COMMANDS = (check, schema, cost, record, snapshot, documents)


def main(arguments: list[str] | None = None, prog: str = "python -m cli") -> int:
    """Run one command; return 0, or 1 when a file was refused."""
    parser = argparse.ArgumentParser(prog=prog, description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for command in _COMMANDS:
        command.register(commands)
    parsed = parser.parse_args(arguments)
    code: int = parsed.run(parsed)
    return code
