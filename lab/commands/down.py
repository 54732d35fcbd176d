"""Stop what `up` started and delete what it kept; never anything else."""

import shlex
from pathlib import Path

from lab import node
from lab.engine.plugins import engine_tools
from lab.errors import LabError
from lab.node import Node
from lab.node.node import mounts_below
from lab.own_folder import OwnFolder
from lab.paths import own_cache, own_state
from lab.progress import Progress
from lab.target.shared_state import SharedState, unshared_stacks
from lab.target.stacks import stack_settings
from lab.target.target import Target, own_record
from lab.toolchain.queue import build_all

# The names of kept files that a message lists.
_MOST_NAMES = 5


def down(stack: str, progress: Progress, cluster: Target | None = None) -> None:
    """Stop the lab's node, real or simulated, and keep its data; on the user's own `cluster`, destroy the stack.

    Raise LabError, with nothing stopped, when another lab runs on this machine.
    """
    if _stopped(stack, progress, cluster):
        return
    if record := Node.record():
        raise record.elsewhere("nothing was stopped")
    progress.note("This lab does not run.")


def clean(stack: str, progress: Progress, cluster: Target | None = None, *, tools: bool) -> None:
    """Stop the lab, or destroy the stack on the user's own `cluster`, and delete the lab's state.

    With `tools`, the built tools too. Another lab is reported and left alone. LabError, with nothing stopped, when
    it runs below the folder to delete, or that folder has the only state of a stack on another cluster.
    """
    ours = None if cluster else own_record()
    if not ours and (record := Node.record()):
        error = record.elsewhere("it is left alone")
        if record.folder.is_relative_to(own_state().path):
            raise error
        progress.note(error.what)
    _refuse_only_copies(cluster.engine_home if cluster else None)
    _stopped(stack, progress, cluster)
    with progress.step("delete the lab's data"):
        for folder in (own_state(), own_cache()) if tools else (own_state(),):
            _delete(folder, progress)


def _refuse_only_copies(destroyed: Path | None) -> None:
    """Raise LabError when only the lab's folder has the state of a stack on a cluster of the user's own.

    `destroyed` is the engine's folder of the cluster whose stack is destroyed anyway.
    """
    for home in sorted(own_state().path.glob("engine-*")):
        if home != destroyed and (stacks := unshared_stacks(home)):
            raise LabError(
                f"{home} has the only state of stacks on a cluster of your own: {', '.join(stacks)}.",
                "Destroy them first: FAWKES_KUBECONFIG=… make down STACK=…; or, if that cluster is gone: "
                f"rm -r {shlex.quote(str(home))}",
            )


def _stopped(stack: str, progress: Progress, cluster: Target | None) -> bool:
    """Stop this lab, or destroy the stack on the user's cluster; return whether there was anything to stop."""
    if cluster:
        _destroy(cluster, stack, progress)
        return True
    if record := own_record():
        with progress.step("stop the node"):
            node.end(record.folder)
    return record is not None


def _destroy(target: Target, stack: str, progress: Progress) -> None:
    build_all(engine_tools(), progress)
    state = SharedState(target, stack, stack_settings(stack).environment.namespace)
    with progress.step("destroy the stack") as step, state.kept():
        target.engine(stack).destroy(update=step.update)


def _delete(folder: OwnFolder, progress: Progress) -> None:
    if mounted := mounts_below(folder.path):
        raise LabError(f"{mounted[0]} is still mounted.", f"Unmount it and run this again: umount {mounted[0]}")
    if kept := folder.delete():
        names = ", ".join(path.name for path in kept[:_MOST_NAMES])
        more = f" and {len(kept) - _MOST_NAMES} more" if len(kept) > _MOST_NAMES else ""
        progress.note(f"Kept in {folder.path}, because the lab did not make it: {names}{more}")
