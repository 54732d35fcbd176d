"""`python -m cli schema`: print the JSON Schema of a stack file."""

import argparse

from settings.schema import schema_text


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = commands.add_parser(
        "schema",
        help="print the JSON Schema of a stack file",
        description="Print the JSON Schema of a stack file; `make schema` commits it for editors.",
    )
    parser.set_defaults(run=_run)


def _run(_parsed: argparse.Namespace) -> int:
    print(schema_text(), end="")
    return 0
