"""What every command line of the project does alike: closed pipes, interrupts, encodings, the system's refusals.

Knows nothing of settings; it is here because every other folder may import from this one.
"""

import codecs
import contextlib
import errno
import io
import os
import pwd
import signal
import sys
from collections.abc import Callable
from pathlib import Path

# The shell's own codes for a program that Ctrl-C, or a reader that went away, ended.
INTERRUPTED = 128 + signal.SIGINT
READER_GONE = 128 + signal.SIGPIPE
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_REFUSED = frozenset({errno.EACCES, errno.EPERM})


def run(main: Callable[[], int]) -> int:
    """Run a command and return its exit code, with what it printed written out.

    An interrupt is one sentence and 130. A reader that went away (`| head -1`) ends this process as it ends
    other programs: by SIGPIPE, without a word. What cannot be written is two sentences and 1.
    """
    speak_any_text()
    try:
        code = _ended(main)
        # It is None when the caller closed it.
        if sys.stdout is not None:
            # At the interpreter's exit it would be too late to say that this fails.
            sys.stdout.flush()
    except KeyboardInterrupt:
        print("\nInterrupted.", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        code = READER_GONE
    except OSError as error:
        if not is_foreseeable(error):
            raise
        _discard_output()
        print(*refusal_of_the_system(error), sep="\n", file=sys.stderr)
        return 1
    if code == READER_GONE:
        _end_without_reader()
    return code


def speak_any_text() -> None:
    """Let no text be one that cannot be printed: in the C locale Python would know ASCII alone.

    UTF-8 is what Python itself takes for that locale unless it is told not to; another locale's own
    encoding stays, and what it does not have is printed as an escape.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            ascii_only = codecs.lookup(stream.encoding).name == "ascii"
            stream.reconfigure(encoding="utf-8" if ascii_only else None, errors="backslashreplace")


def _end_without_reader() -> None:
    """End this process as the system ends a program that writes to a closed pipe."""
    _discard_output()
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    os.kill(os.getpid(), signal.SIGPIPE)


def is_foreseeable(error: OSError) -> bool:
    """Say whether the system refused a file or the disk is full: what a person can mend."""
    return error.errno is not None and (error.filename is not None or error.errno in _FULL)


def refusal_of_the_system(error: OSError) -> tuple[str, str]:
    """Return two sentences for an error of the file system: what is wrong and where, and how to mend it."""
    path = _path(error) or "A file"
    if error.errno in _FULL:
        return f"{path} cannot be written: {reason_of(error)}.", "Free space there, then run this again."
    if error.errno in {errno.EEXIST, errno.ENOTDIR}:
        return f"{path} cannot be made: there is a file where a folder should be.", "Name another place."
    if error.errno in _REFUSED:
        return f"{path} cannot be used: {reason_of(error)}.", "Correct its owner or mode, or name another place."
    return f"{path} cannot be used: {reason_of(error)}.", "Correct or name another place, then run this again."


def reason_of(error: OSError) -> str:
    """Return why the system refused: its own words, and whose the place is when this user may not use it."""
    path, reason = _path(error), error.strerror or type(error).__name__
    return f"{reason}; {_whose(path)}" if path and error.errno in _REFUSED else reason


def _path(error: OSError) -> Path | None:
    return None if error.filename is None else Path(os.fsdecode(error.filename)).absolute()


def _whose(path: Path) -> str:
    """Say who owns a path, or the nearest folder above it that can be looked at, and who asks."""
    me = user_name(os.geteuid())
    for place in (path, *path.parents):
        with contextlib.suppress(OSError):
            found = place.stat()
            return (
                f"{place} belongs to {user_name(found.st_uid)} (mode {found.st_mode & 0o7777:04o}), this is {me}"
            )
    return f"this is {me}"


def user_name(number: int) -> str:
    """Return a user's name; containers run users that have none."""
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return f"user {number}"


def _ended(main: Callable[[], int]) -> int:
    """Return the exit code of a command; argparse ends some of them by SystemExit."""
    try:
        return main()
    except SystemExit as ended:
        if not isinstance(ended.code, int | None):
            raise
        return ended.code or 0


def _discard_output() -> None:
    """Let the interpreter's own flush at the exit succeed: it would print what has been dealt with."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
