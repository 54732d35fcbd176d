"""Behaviour that all command lines share: closed pipes, interrupts, encodings and file system errors.

The lab's command line and `./fawkes` use it, too. It imports the standard library only.
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

# The shell's exit codes for a program killed by Ctrl-C, or by a closed pipe.
INTERRUPTED = 128 + signal.SIGINT
READER_GONE = 128 + signal.SIGPIPE
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_REFUSED = frozenset({errno.EACCES, errno.EPERM})


def run(main: Callable[[], int]) -> int:
    """Run a command, flush its output and return its exit code.

    An interrupt prints one sentence and returns 130. A closed pipe (`| head -1`) kills this process by SIGPIPE
    without a message, like other programs. A file system error prints two sentences and returns 1.
    """
    speak_any_text()
    try:
        code = _exit_code(main)
        # It is None if the caller closed it.
        if sys.stdout is not None:
            # Flushed here, because an error at the interpreter's exit could not be reported any more.
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
        _die_of_closed_pipe()
    return code


def speak_any_text() -> None:
    """Make every text printable; in the C locale Python might know ASCII only.

    ASCII becomes UTF-8, as Python itself does for that locale unless told not to. Another encoding stays, and
    characters that it lacks are printed as escapes.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            ascii_only = codecs.lookup(stream.encoding).name == "ascii"
            stream.reconfigure(encoding="utf-8" if ascii_only else None, errors="backslashreplace")


def _die_of_closed_pipe() -> None:
    """Kill this process by SIGPIPE, as the system kills a program that writes to a closed pipe."""
    _discard_output()
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    os.kill(os.getpid(), signal.SIGPIPE)


def is_foreseeable(error: OSError) -> bool:
    """Return whether the system refused a file or the disk is full, which a person can fix."""
    return error.errno is not None and (error.filename is not None or error.errno in _FULL)


def refusal_of_the_system(error: OSError) -> tuple[str, str]:
    """Return two sentences for a file system error: what is wrong with which path, and how to fix it."""
    path = _path(error) or "A file"
    if error.errno in _FULL:
        return f"{path} cannot be written: {reason_of(error)}.", "Free space there, then run this again."
    if error.errno in {errno.EEXIST, errno.ENOTDIR}:
        return f"{path} cannot be made: there is a file where a folder should be.", "Name another place."
    if error.errno in _REFUSED:
        return f"{path} cannot be used: {reason_of(error)}.", "Correct its owner or mode, or name another place."
    return f"{path} cannot be used: {reason_of(error)}.", "Correct or name another place, then run this again."


def reason_of(error: OSError) -> str:
    """Return the system's reason and, if this user may not use the path, its owner."""
    path, reason = _path(error), error.strerror or type(error).__name__
    return f"{reason}; {_owner(path)}" if path and error.errno in _REFUSED else reason


def _path(error: OSError) -> Path | None:
    return None if error.filename is None else Path(os.fsdecode(error.filename)).absolute()


def _owner(path: Path) -> str:
    """Return the owner of a path, or of the nearest accessible folder above it, and the current user."""
    me = user_name(os.geteuid())
    for place in (path, *path.parents):
        with contextlib.suppress(OSError):
            found = place.stat()
            return (
                f"{place} belongs to {user_name(found.st_uid)} (mode {found.st_mode & 0o7777:04o}), this is {me}"
            )
    return f"this is {me}"


def user_name(number: int) -> str:
    """Return a user's name, or its number: users in containers may have no name."""
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return f"user {number}"


def _exit_code(main: Callable[[], int]) -> int:
    """Return the exit code of a command, also if it raises SystemExit, as argparse does."""
    try:
        return main()
    except SystemExit as ended:
        if not isinstance(ended.code, int | None):
            raise
        return ended.code or 0


def _discard_output() -> None:
    """Redirect standard output to nowhere, or the flush at exit would report the handled error again."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
