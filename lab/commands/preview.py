"""Preview a stack with its policies: for people, a pull request or an approval, and before every deployment."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from lab.commands.approval import refuse_another_preview, write_digest
from lab.engine.plugins import engine_tools
from lab.engine.run import EngineError, Outcome
from lab.errors import LabError
from lab.progress import Progress
from lab.target.shared_state import SharedState
from lab.target.stacks import stack_settings
from lab.target.target import Target
from lab.toolchain.queue import build_all

PREVIEW = "preview"
# Operations of the engine in the words of a plan; what else there is has its own name.
_PLANNED = {
    "create": "to create",
    "update": "to update",
    "replace": "to replace",
    "delete": "to delete",
    "import": "to import",
    "same": "unchanged",
}


@dataclass(frozen=True)
class Kept:
    """Where a preview is kept: `events` is a folder for the event log, `digest` a file; None is nowhere."""

    events: Path | None = None
    digest: Path | None = None


def preview(target: Target, stack: str, progress: Progress, kept: Kept = Kept()) -> Outcome:
    """Return what `up` would do to a stack that is deployed to the target or will be.

    The event log is kept also when the policies or the engine refuse the change: it has the reasons.
    """
    if target.node is None:
        build_all(engine_tools(), progress)
        SharedState(target, stack, stack_settings(stack).environment.namespace).fetch()
    engine = target.engine(stack)
    log = engine.events(PREVIEW)
    # One of an earlier run would be kept in its place if this one does not even start.
    log.unlink(missing_ok=True)
    try:
        with progress.step(PREVIEW) as step:
            outcome = engine.preview("--diff", update=step.update)
    finally:
        if kept.events and log.is_file():
            kept.events.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(log, kept.events / f"{stack}.jsonl")
    if kept.digest:
        write_digest(outcome.events, kept.digest)
    return outcome


def refuse_drift(stack: str, outcome: Outcome) -> None:
    """Raise LabError when a preview would change anything of a deployed stack."""
    if set(outcome.changes) - {"same"}:
        raise LabError(
            f"Stack {stack} differs from Pulumi.{stack}.yaml and the program: {plan_of(outcome.changes)}.",
            "The output above has every difference. `make up` reverts what was changed by other means; to keep "
            "it, change the settings.",
        )


def clean_preview(target: Target, stack: str, progress: Progress, approved: Path | None) -> None:
    """Raise LabError, with nothing changed, unless the policies accept what `up` is about to do.

    Rules on the whole stack run only after an update, so only a preview can prevent what they refuse. With a file
    of an `approved` digest, the preview must be the approved one, too.
    """
    with progress.step(PREVIEW) as step:
        try:
            outcome = target.engine(stack).preview(update=step.update)
        except EngineError as error:
            raise EngineError(error.what, f"Nothing was changed. {error.fix}") from error
        if approved:
            refuse_another_preview(outcome.events, approved, f"make preview STACK={stack} DIGEST={approved}")
    progress.note(f"The policies accept stack {stack}: {plan_of(outcome.changes)}.")


def plan_of(changes: Mapping[str, int]) -> str:
    """Return the number of resources by operation, as in `2 to create, 40 unchanged`."""
    known = [(changes[name], words) for name, words in _PLANNED.items() if name in changes]
    others = [(number, name) for name, number in sorted(changes.items()) if name not in _PLANNED]
    return ", ".join(f"{number} {words}" for number, words in [*known, *others]) or "no resources"
