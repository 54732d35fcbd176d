"""`python -m cli network FILE...`: print every connection that the network policies of stacks allow."""

import argparse
import textwrap
from collections.abc import Sequence
from pathlib import Path

from cli.stack_files import accepted, add_files
from render.network.edges import Edge, Peer
from render.network.table import edges

_COLUMNS = 100
_INDENT = "    "


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = commands.add_parser(
        "network",
        help="print every connection that the network policies allow",
        description="Print every connection that the network policies of stacks allow: its name, its reason, who "
        "connects to whom, and the ports, which are TCP's where nothing else is said. Exit with 1 if a file is "
        "refused.",
    )
    add_files(parser)
    parser.set_defaults(run=_run)


def _run(parsed: argparse.Namespace) -> int:
    return max(_print_edges(path, after_another=number > 0) for number, path in enumerate(parsed.files))


def _print_edges(path: Path, *, after_another: bool) -> int:
    if (stack := accepted(path)) is None:
        return 1
    settings, plan = stack
    apart = "\n" if after_another else ""
    allowed = edges(settings, plan)
    print(f"{apart}{path}: {len(allowed)} kinds of connections in namespace {settings.environment.namespace}\n")
    print("\n".join(_described(edge) for edge in allowed), end="")
    return 0


def _described(edge: Edge) -> str:
    ports = ", ".join(map(str, edge.ports))
    lines = (f"from  {_joined(edge.sources)}", f"to    {_joined(edge.targets)}", f"port  {ports}")
    indented = (
        textwrap.fill(
            line, _COLUMNS, initial_indent=_INDENT, subsequent_indent=f"{_INDENT}      ", break_on_hyphens=False
        )
        for line in lines
    )
    return f"{edge.name}: {edge.why}\n" + "".join(f"{line}\n" for line in indented)


def _joined(peers: Sequence[Peer]) -> str:
    return ", ".join(map(str, peers))
