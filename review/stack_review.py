"""Everything that a reviewer is told of one stack, gathered from both sides of a change and from a preview."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from review.costs import CostDifference, cost_difference
from review.findings import Finding, worst_first
from review.losses import Warned, losses, shorter_retention
from review.names import counted
from review.previews import Preview
from review.sides import Stack
from review.texts import TextDifference, text_differences
from snapshot.changes import SERVERS, Change, changes


class Status(StrEnum):
    """Whether the stack's file is on both sides."""

    KEPT = "kept"
    NEW = "new"
    REMOVED = "removed"


@dataclass(frozen=True, kw_only=True)
class StackReview:
    """One stack.

    - `changes`: what happens to its resources; `previewed` if an engine says so, otherwise the two programs do.
    - `servers`: the logical names of all its workloads.
    - `problems`: sentences on what keeps it from being deployed or compared.
    - `findings`: those of policies, the worst first; None when no policy ran.
    - `cost`: None when a side has no bill.
    - `foreign`: how many of the changes are not from the compared commits, but from what is deployed.
    """

    name: str
    status: Status
    changes: tuple[Change, ...] = ()
    previewed: bool = False
    servers: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    warnings: tuple[Warned, ...] = ()
    findings: tuple[Finding, ...] | None = None
    cost: CostDifference | None = None
    texts: tuple[TextDifference, ...] = ()
    foreign: int = 0

    @property
    def is_untouched(self) -> bool:
        """Whether there is nothing to say but the findings of policies."""
        return self.status == Status.KEPT and not (self.changes or self.problems or self.texts or self.warnings)


def stack_review(
    name: str,
    before: Stack | None,
    after: Stack | None,
    preview: Preview | None = None,
) -> StackReview:
    """Return the review of a stack; a side without its file is None.

    A complete preview says what happens to the resources, because it compares with what is deployed, and a preview
    with policies what they find, because it knows what is unknown.
    """
    if after is None:
        return StackReview(name=name, status=Status.REMOVED, warnings=(_removed(name, before),))
    found = _findings(preview, after)
    status = Status.KEPT if before else Status.NEW
    before = before or Stack()
    if after.problem:
        refused = f"The program refuses this stack, so it cannot be deployed: {after.problem}"
        return StackReview(name=name, status=status, problems=(refused,), findings=found)
    if before.problem:
        old = f"The earlier commit's program refuses this stack, so nothing is compared: {before.problem}"
        return StackReview(name=name, status=status, problems=(old, *_failures(preview)), findings=found)
    by_program = changes(before.resources, after.resources)
    seen = preview if preview and preview.complete else None
    shown = seen.changes() if seen else by_program
    was, is_now = (seen.before, seen.after) if seen else (before.resources, after.resources)
    return StackReview(
        name=name,
        status=status,
        changes=tuple(shown),
        previewed=bool(seen),
        servers=tuple(resource.name for resource in after.resources if resource.type in SERVERS),
        problems=(*_failures(preview), *_refusals(found)),
        warnings=(*losses(shown, was, is_now), *shorter_retention(before.retention_hours, after.retention_hours)),
        findings=found,
        cost=cost_difference(before.cost, after.cost),
        texts=tuple(text_differences(before, after)),
        foreign=len({_key(one) for one in shown} - {_key(one) for one in by_program}) if seen else 0,
    )


def _findings(preview: Preview | None, after: Stack) -> tuple[Finding, ...] | None:
    """Return the findings of a preview; if it stopped early, those of the recording for the rest, too."""
    seen = preview.findings if preview else None
    if preview is None or seen is None or not preview.complete:
        known = {(one.rule, one.resource) for one in seen or ()}
        others = [one for one in after.findings or () if (one.rule, one.resource) not in known]
        # That a preview which stopped early found nothing says nothing.
        seen = None if after.findings is None and not seen else (*(seen or ()), *others)
    return None if seen is None else tuple(worst_first(seen))


def _key(change: Change) -> tuple[str, str]:
    return change.kind, change.name


def _failures(preview: Preview | None) -> Iterator[str]:
    """Yield why a preview did not come to all resources; that policies refuse it is told for itself."""
    if preview and not preview.complete:
        refused = any(one.refuses for one in preview.findings or ())
        reasons = preview.errors or (() if refused else ("the engine gave no reason, or was stopped",))
        yield from (f"The engine's preview failed: {reason}" for reason in reasons)


def _refusals(findings: Sequence[Finding] | None) -> Iterator[str]:
    """Yield that policies refuse the change, if one does."""
    if number := sum(one.refuses for one in findings or ()):
        yield f"Policies refuse this change: {counted(number, 'mandatory finding')}."


def _removed(name: str, before: Stack | None) -> Warned:
    count = (
        counted(len([one for one in before.resources if one.custom]), "resource") if before else "its resources"
    )
    sentence = (
        f"The file of the stack is removed. That deletes nothing: {count} stay until somebody runs "
        f"`pulumi destroy --stack {name}` with the earlier commit."
    )
    return Warned(sentence, loses=False)
