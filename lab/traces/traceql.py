"""Read a TraceQL query from the command line, a file or standard input.

The last two reach Tempo unchanged; on a command line the shell interprets quotes, `$` and backticks first.
"""

import sys
from pathlib import Path

from lab.errors import LabError

_STANDARD_INPUT = "-"
_FIX = "Give one: make query Q='{ status = error }', or FILE=query.traceql, or by standard input with Q=-."


def given_query(argument: str, file: str) -> str:
    """Return the query; LabError when there is none, two, or it is not UTF-8.

    `argument` is the query itself, or `-` for standard input. Without one and without a file, standard input is
    read unless it is a terminal.
    """
    if argument and file:
        raise LabError(f"There are two queries: {argument!r}, and one in {file}.", "Give Q or FILE.")
    query = argument
    at_terminal = sys.stdin is not None and sys.stdin.isatty()
    if file or argument == _STANDARD_INPUT or not (argument or at_terminal):
        query = _read(file)
    if not query.strip():
        raise LabError("There is no query.", _FIX)
    return query.strip()


def _read(file: str) -> str:
    source = file or "standard input"
    try:
        content = Path(file).expanduser().read_bytes() if file else b""
        if not file and sys.stdin:
            content = sys.stdin.buffer.read()
        # Editors on Windows begin a file with a byte order mark.
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise LabError(f"The query in {source} is not UTF-8.", _FIX) from error
    except (OSError, ValueError) as error:
        raise LabError(f"No query can be read from {source}: {error}.", _FIX) from error
