"""Ask before a stack on the user's own cluster is changed or destroyed."""

import os
import sys

import typer

from lab.errors import LabError
from lab.target.shared_state import SharedState
from lab.target.stacks import stack_settings
from lab.target.state_secret import Deployment
from lab.target.target import Target, users_cluster


def agreed_to_change(stack: str) -> Target | None:
    """Return the user's own cluster, None if none is named; ask first if somebody else deployed the stack."""
    target, namespace = users_cluster(), stack_settings(stack).environment.namespace
    last = SharedState(target, stack, namespace).deployment() if target else None
    if target and last and last.who != Deployment.by_this_process(target.engine_home, 0).who:
        ask(f"Stack {stack} is on {target.server} already: {last}. Change it?", f"make up STACK={stack}")
    return target


def agreed_to_destroy(stack: str) -> Target | None:
    """Return the user's own cluster, None if none is named; ask first if the stack is there."""
    target, namespace = users_cluster(), stack_settings(stack).environment.namespace
    if target and (deployed := SharedState(target, stack, namespace).summary()):
        ask(
            f"This destroys stack {stack} on {target.server}, namespace {namespace}, with "
            f"its volumes unless the settings keep them: {deployed}. Destroy it?",
            f"make down STACK={stack}",
        )
    return target


def ask(question: str, command: str) -> None:
    """Return when the user agrees, at the terminal or in advance by `YES=1`.

    LabError on a refusal, or without a terminal; `command` is the one to repeat.
    """
    if os.environ.get("YES") == "1":
        return
    in_advance = f"To agree in advance: YES=1 {command}"
    # A caller that closed it leaves None.
    if sys.stdin is None or not sys.stdin.isatty():
        raise LabError(f"{question} Nobody is here to confirm.", in_advance)
    if not typer.confirm(question, default=False, err=True):
        raise LabError("Nothing was changed.", in_advance)
