"""`python -m cli snapshot STACK --out DIR`: write every rendered file and every resource of a stack to files."""

import argparse
import sys
from pathlib import Path

from settings.problems import SettingsError
from settings.project import REPO


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = commands.add_parser("snapshot", help="write a stack's rendered files and resources to a folder")
    parser.add_argument("stack", help="prod, staging, dojo, or a name of your own: Pulumi.<stack>.yaml is read")
    parser.add_argument("--out", type=_folder, required=True, help="folder that receives the files")
    parser.set_defaults(run=_run)


def _run(parsed: argparse.Namespace) -> int:
    """Write the files; return 0, or 1 when the stack file is refused."""
    # Imported here: Pulumi's SDKs load for a second, and the other commands do without them.
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
    """Return a folder's path; an empty name would mean the current folder."""
    if not named.strip():
        raise argparse.ArgumentTypeError("it is empty; name the folder that receives the files")
    return Path(named)


def _written(file: Path, text: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file
