"""Where a TraceQL query comes from: the command line, a file, or standard input.

The last two reach Tempo as they are; on a command line the shell reads quotes, `$` and backticks first.
"""

import sys
from pathlib import Path

from lab.errors import LabError

_STANDARD_INPUT = "-"
_FIX = "Give one: make query Q='{ status = error }', or FILE=query.traceql, or by standard input with Q=-."


def given_query(argument: str, file: str) -> str:
    """Return the query; LabError when there is none, two, or no text.

    `argument` is the query itself, `-` for standard input, or '' for the file, and without one for standard
    input if that is not a terminal.
    """
    if argument and file:
        raise LabError(f"There are two queries: {argument!r}, and one in {file}.", "Give Q or FILE.")
    if file:
        query = _text(_bytes_of(Path(file).expanduser()), file)
    elif argument == _STANDARD_INPUT or not (argument or _at_terminal()):
        query = _text(sys.stdin.buffer.read() if sys.stdin else b"", "standard input")
    else:
        query = argument
    if not query.strip():
        raise LabError("There is no query.", _FIX)
    return query.strip()


def _at_terminal() -> bool:
    return sys.stdin is not None and sys.stdin.isatty()


def _bytes_of(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except (OSError, ValueError) as error:
        raise LabError(f"No query can be read from {file}: {error}.", _FIX) from error


def _text(query: bytes, source: str) -> str:
    try:
        # As Windows' editors save it, too.
        return query.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise LabError(f"What is in {source} is not a text in UTF-8.", _FIX) from error
