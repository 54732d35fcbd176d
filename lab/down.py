"""End what `up` started; never anything else."""

import os
import shutil
from pathlib import Path

from lab.own_cluster import shared_state
from lab.paths import cache_dir, state_dir
from lab.progress import Progress
from lab.stacks import stack_settings
from lab.target import Target, running_node, users_cluster


def down(stack: str, progress: Progress) -> None:
    """Stop the lab's node, real or simulated, keeping its data; on the user's own cluster, destroy the stack."""
    target = users_cluster() or running_node()
    if target is None:
        progress.note("Nothing of this lab runs.")
    elif target.node:
        target.node.stop(progress)
    else:
        _destroy(target, stack, progress)


def clean(stack: str, progress: Progress, *, tools: bool) -> None:
    """Stop the lab and delete its state; with `tools`, the built tools too."""
    down(stack, progress)
    with progress.step("delete the lab's data"):
        _delete(state_dir())
        if tools:
            _delete(cache_dir())


def _destroy(target: Target, stack: str, progress: Progress) -> None:
    with progress.step("destroy the stack") as step, shared_state(target, stack, stack_settings(stack)).kept():
        target.engine(stack).destroy(update=step.update)


def _delete(folder: Path) -> None:
    """Delete a folder with everything in it; Go's module cache is read-only, so permissions are given first."""
    for root, folders, _ in os.walk(folder):
        for name in folders:
            path = Path(root) / name
            if not path.is_symlink():
                path.chmod(0o755)
    shutil.rmtree(folder)
