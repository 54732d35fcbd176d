"""`python -m tests.verify.after PROCESS-ID COMMAND…`: wait until a process has ended, then become the command."""

import contextlib
import os
import select
import sys


def main() -> None:
    """Never return."""
    # It may have ended before this one started.
    with contextlib.suppress(ProcessLookupError):
        select.select([os.pidfd_open(int(sys.argv[1]))], [], [])
    os.execvp(sys.argv[2], sys.argv[2:])  # noqa: S606 - the tests of this checkout


if __name__ == "__main__":
    main()
