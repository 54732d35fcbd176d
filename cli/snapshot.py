"""`python -m cli snapshot STACK --out DIR`: write the rendered files and the resources of a stack."""

import argparse
import sys
from pathlib import Path

from settings.problems import SettingsError
from settings.project import REPO


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = commands.add_parser(
        "snapshot",
        help="write the rendered files and the resources of a stack to a folder",
        description="Write the rendered files and the resources of a stack to a folder, without an engine or a "
        "cluster. Exit with 1 if its file is refused.",
    )
    parser.add_argument("stack", metavar="STACK", help="dojo, staging, prod or your own: reads Pulumi.STACK.yaml")
    parser.add_argument("--out", type=_folder, required=True, metavar="DIR", help="folder for the files")
    parser.set_defaults(run=_run)


def _run(parsed: argparse.Namespace) -> int:
    """Write the files; return 0, or 1 if the stack file is refused."""
    # Imported here: Pulumi's SDKs take a second, and no other command needs them.
    import pulumi  # noqa: PLC0415

    from snapshot.files import snapshot_files  # noqa: PLC0415

    try:
        files = snapshot_files(REPO / f"Pulumi.{parsed.stack}.yaml", parsed.stack)
    except (SettingsError, pulumi.RunError) as error:
        print(error, file=sys.stderr)
        return 1
    for name, text in files.items():
        print(_written(parsed.out / name, text))
    return 0


def _folder(named: str) -> Path:
    """Return the path of a folder; refuse an empty name, which would mean the current folder."""
    if not named.strip():
        raise argparse.ArgumentTypeError("it is empty; name the folder for the files")
    return Path(named)


def _written(file: Path, text: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file
