"""Ask before something is lost."""

import os
import sys

import typer

from lab.errors import LabError

VARIABLE = "YES"


def ask(question: str, command: str) -> None:
    """Return when a person says yes, or `YES=1` said so beforehand.

    LabError when the answer is no, or nobody is there to give one; `command` is the one to repeat.
    """
    if os.environ.get(VARIABLE) == "1":
        return
    # It is None where the caller closed it.
    if sys.stdin is None or not sys.stdin.isatty():
        raise LabError(f"{question} Nobody is here to say yes.", f"If that is meant: {VARIABLE}=1 {command}")
    if not typer.confirm(question, default=False, err=True):
        raise LabError("Nothing was changed.", f"To say yes beforehand: {VARIABLE}=1 {command}")
