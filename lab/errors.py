"""The error that the lab shows to people."""

from collections.abc import Iterable


class LabError(Exception):
    """An error that a user can fix: one sentence on what is wrong, one on how to fix it.

    The command line prints both without a traceback and exits with 1.
    """

    def __init__(self, what: str, fix: str) -> None:
        """Keep both sentences; `what` names what was got, `fix` names a command or a setting."""
        super().__init__(f"{what} {fix}")
        self.what = what
        self.fix = fix


def lines_of(items: Iterable[str]) -> str:
    """Return items as indented lines of an error."""
    return "\n".join(f"  {item}" for item in items)
