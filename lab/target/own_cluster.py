"""What is asked of a person before a stack on a cluster of their own is changed or destroyed."""

from lab.target.consent import ask
from lab.target.deployment import Deployment
from lab.target.shared_state import SharedState
from lab.target.target import Target
from settings.stack import StackSettings


def shared_state(target: Target, stack: str, settings: StackSettings) -> SharedState:
    """Return the state of a stack that lies in the user's cluster."""
    return SharedState(target, stack, settings.environment.namespace)


def agree_to_change(target: Target | None, stack: str, settings: StackSettings) -> None:
    """Ask before a stack is changed that somebody else deployed; the lab's own node is nobody else's."""
    there = shared_state(target, stack, settings).deployment() if target else None
    if target and there and there.who != Deployment.of_this_process(target.engine_home, 0).who:
        ask(f"Stack {stack} is on {target.address} already: {there}. Change it?", f"make up STACK={stack}")


def agree_to_destroy(target: Target | None, stack: str, settings: StackSettings) -> None:
    """Ask before a stack is destroyed, with its volumes; stopping the lab's own node keeps its data."""
    if target and (known := shared_state(target, stack, settings).known()):
        ask(
            f"This destroys stack {stack} on {target.address}, namespace {settings.environment.namespace}, with "
            f"its volumes unless the settings keep them: {known}. Destroy it?",
            f"make down STACK={stack}",
        )
