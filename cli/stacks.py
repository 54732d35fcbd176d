"""`python -m cli stacks FILE...`: list the stacks that a pipeline can reach, as a line of its outputs."""

import argparse
import json
from pathlib import Path

from cli.stack_files import accepted, add_files

_PREFIX = "Pulumi."


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = commands.add_parser(
        "stacks",
        help="list the stacks on EKS, for a pipeline",
        description="Print `stacks=` and a JSON list of the stacks that name an EKS cluster "
        "(object_store.aws.eks_cluster), which a pipeline can reach. Exit with 1 if a file is refused.",
    )
    add_files(parser)
    parser.set_defaults(run=_run)


def _run(parsed: argparse.Namespace) -> int:
    found = []
    for path in parsed.files:
        if (stack := accepted(path)) is None:
            return 1
        if stack[0].object_store.aws:
            found.append(_name(path))
    print(f"stacks={json.dumps(sorted(found))}")
    return 0


def _name(path: Path) -> str:
    """Return the stack of a file: `prod` of `Pulumi.prod.yaml`, as Pulumi itself names it."""
    return path.stem.removeprefix(_PREFIX)
