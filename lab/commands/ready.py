"""Run `python -m ready` on the cluster that the user named, on the running lab's, or on the kubeconfig's."""

import os
import sys
from typing import NoReturn

from lab.target.target import USERS_KUBECONFIG, running_node


def report(stack: str) -> NoReturn:
    """Become `python -m ready` for a stack; its exit code is 0 when no requirement is unmet, else 1."""
    environment = {**os.environ, **cluster_environment()}
    options = ["--current-context"] if looks_at_lab() else []
    sys.stdout.flush()
    os.execve(sys.executable, [sys.executable, "-m", "ready", *options, stack], environment)  # noqa: S606 - no shell by design


def cluster_environment() -> dict[str, str]:
    """Return the variables that select the cluster and, in the simulated lab, the cloud; none without either.

    A cluster that the user named need not answer here: the report says what is wrong with it.
    """
    if named := os.environ.get(USERS_KUBECONFIG):
        return {"KUBECONFIG": os.path.expanduser(named)}  # noqa: PTH111 - it may be a list of files
    lab = running_node()
    return lab.environment if lab else {}


def looks_at_lab() -> bool:
    """Return whether the report is about the lab's node, which has no context of the stack's real cluster."""
    return not os.environ.get(USERS_KUBECONFIG) and running_node() is not None
