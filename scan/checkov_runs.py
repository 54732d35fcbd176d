"""Run checkov on folders, each in a process of its own; checkov's own Python runs this file.

Usage: `python checkov_runs.py FOLDER... -- OPTION...`. What checkov prints about a folder goes into `FOLDER.json`.
Importing checkov takes seconds, so it is imported once and the processes are forks. In one process the reports of
earlier folders would come back in later ones.
"""

import importlib
import multiprocessing
import os
import runpy
import sys
from functools import partial

_PROGRAM = "checkov.main"
# The cores of the smallest machine.
_AT_ONCE = 2


def main(arguments: list[str]) -> None:
    """Scan every folder."""
    separator = arguments.index("--")
    folders, options = arguments[:separator], arguments[separator + 1 :]
    importlib.import_module(_PROGRAM)
    context = multiprocessing.get_context("fork")
    with context.Pool(_AT_ONCE, maxtasksperchild=1) as pool:
        pool.map(partial(_scan, options), folders, chunksize=1)


def _scan(options: list[str], folder: str) -> None:
    output = os.open(f"{folder}.json", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    os.dup2(output, sys.stdout.fileno())
    sys.argv = [_PROGRAM, *options, "--directory", folder]
    try:
        runpy.run_module(_PROGRAM, run_name="__main__")
    except SystemExit as end:
        if end.code:
            raise RuntimeError(f"checkov ended with {end.code} on {folder}") from end
    finally:
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
