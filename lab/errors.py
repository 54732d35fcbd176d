"""The one error that the lab shows to people."""


class LabError(Exception):
    """Something a person can act on: one sentence saying what is wrong, one saying how to fix it.

    The command line prints it without a traceback and exits with 1.
    """

    def __init__(self, what: str, fix: str) -> None:
        """Keep both sentences; `what` names what was got, `fix` names a command or a setting."""
        super().__init__(f"{what} {fix}")
        self.what = what
        self.fix = fix
