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
    if file or argument == _STANDARD_INPUT or not (argument or _at_terminal()):
        query = _read(file)
    if not query.strip():
        raise LabError("There is no query.", _FIX)
    return query.strip()


def _at_terminal() -> bool:
    return sys.stdin is not None and sys.stdin.isatty()


def _standard_input() -> bytes:
    return sys.stdin.buffer.read() if sys.stdin else b""


def _read(file: str) -> str:
    """Return the text in a file, or in standard input when there is no file."""
    try:
        content = Path(file).expanduser().read_bytes() if file else _standard_input()
        # Editors on Windows begin a file with a byte order mark.
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise LabError(f"The query in {file or 'standard input'} is not UTF-8.", _FIX) from error
    except (OSError, ValueError) as error:
        raise LabError(f"No query can be read from {file or 'standard input'}: {error}.", _FIX) from error
