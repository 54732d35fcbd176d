"""What is asked of a person before a stack on a cluster of their own is changed or destroyed."""

from lab.consent import ask
from lab.shared_state import Deployment, SharedState
from lab.target import Target, users_cluster
from settings.stack import StackSettings


def shared_state(target: Target, stack: str, settings: StackSettings) -> SharedState:
    """Return the state of a stack that lies in the user's cluster."""
    return SharedState(target, stack, settings.environment.namespace)


def agree_to_change(stack: str, settings: StackSettings) -> None:
    """Ask before a stack is changed that somebody else deployed; the lab's own node is nobody else's."""
    target = users_cluster()
    there = shared_state(target, stack, settings).deployment() if target else None
    if target and there and there.who != Deployment.of_this_process(target.engine_home, 0).who:
        ask(f"Stack {stack} is on {target.address} already: {there}. Change it?", f"make up STACK={stack}")


def agree_to_destroy(stack: str, settings: StackSettings) -> None:
    """Ask before a stack is destroyed, with its volumes; stopping the lab's own node keeps its data."""
    target = users_cluster()
    if target and (state := shared_state(target, stack, settings)).anything_there():
        there = state.deployment()
        known, namespace = there or "no state of it is in the cluster", settings.environment.namespace
        ask(
            f"This destroys stack {stack} on {target.address}, namespace {namespace}, with its volumes unless the "
            f"settings keep them: {known}. Destroy it?",
            f"make down STACK={stack}",
        )
