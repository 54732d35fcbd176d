"""The first part of a comment, which is never cut: one row a stack, and the warnings."""

from collections.abc import Iterable, Iterator, Sequence

from plan.cost.bill import shown
from review.costs import CostDifference
from review.findings import SEVERITIES, Finding
from review.markdown import code, one_line, plain, table
from review.section import signed
from review.stack_review import StackReview, Status
from snapshot.changes import Effect

# In the order of the columns, the most harmful last.
_COLUMNS = {
    "creates": (Effect.CREATED, Effect.IMPORTED),
    "updates": (Effect.UPDATED, Effect.GUARDED),
    "reloads": (Effect.RELOADED,),
    "renews": (Effect.RENEWED,),
    "restarts": (Effect.RESTARTED,),
    "replaces": (Effect.REPLACED,),
    "deletes": (Effect.DELETED,),
}
_RENEWED = "Renewed is what has a drawn name: its successor exists before it goes, as a changed file does."
# More would hide the first ones; the sections below have all.
_WARNINGS = 20
_PROBLEM_CHARACTERS = 400


def summary(reviews: Sequence[StackReview], compared: str) -> str:
    """Return the table of all stacks and the warnings; `compared` is a sentence on what was compared."""
    parts = [
        _stacks(reviews),
        compared,
        _RENEWED if _count(reviews, _COLUMNS["renews"]) else "",
        _alert("CAUTION", "This deletes data", _warned(reviews, loses=True)),
        _alert("WARNING", "Look at this before you merge", [*_problems(reviews), *_warned(reviews, loses=False)]),
    ]
    return "\n\n".join(part for part in parts if part)


def policies_in_words(findings: Sequence[Finding] | None) -> str:
    """Return the number of findings by severity, `2 high, 1 low`, with those that refuse the change named."""
    if findings is None:
        return "not run"
    numbers = {severity: sum(one.severity == severity for one in findings) for severity in SEVERITIES}
    words = [f"{number} {severity or 'unrated'}" for severity, number in numbers.items() if number]
    refusing = sum(one.refuses for one in findings)
    return f"{', '.join(words) or 'none'}{f' ({refusing} mandatory)' if refusing else ''}"


def _stacks(reviews: Sequence[StackReview]) -> str:
    columns = {title: effects for title, effects in _COLUMNS.items() if _count(reviews, effects)}
    heading = ("stack", *columns, "policy findings", "US dollars a month")
    rows = [
        (
            f"{code(review.name)}{_status(review)}",
            *(str(_count([review], effects) or "") for effects in columns.values()),
            policies_in_words(review.findings) if review.status != Status.REMOVED else "",
            _cost(review.cost),
        )
        for review in reviews
    ]
    return table(heading, rows, right=range(1, len(columns) + 1))


def _status(review: StackReview) -> str:
    if review.problems and not review.changes:
        return " (not compared)"
    if review.is_untouched:
        return " (nothing changes)"
    return "" if review.status == Status.KEPT else f" ({review.status})"


def _count(reviews: Iterable[StackReview], effects: Sequence[Effect]) -> int:
    return sum(change.effect in effects for review in reviews for change in review.changes)


def _cost(cost: CostDifference | None) -> str:
    if cost is None:
        return ""
    if not cost.items:
        return shown(cost.after_usd, 2)
    difference = signed(cost.after_usd - cost.before_usd)
    return f"{shown(cost.before_usd, 2)} → {shown(cost.after_usd, 2)} (**{difference}**)"


def _warned(reviews: Iterable[StackReview], *, loses: bool) -> Iterator[str]:
    for review in reviews:
        yield from (f"{code(review.name)}: {plain(one.sentence)}" for one in review.warnings if one.loses is loses)


def _problems(reviews: Iterable[StackReview]) -> Iterator[str]:
    for review in reviews:
        for problem in map(one_line, review.problems):
            cut = f"{problem[:_PROBLEM_CHARACTERS]}…" if len(problem) > _PROBLEM_CHARACTERS else problem
            yield f"{code(review.name)}: {plain(cut)}"


def _alert(kind: str, title: str, sentences: Iterable[str]) -> str:
    """Return an alert in GitHub's notation, which elsewhere is a quotation; '' without sentences."""
    found = list(sentences)
    more = [f"and {len(found) - _WARNINGS} more"] if len(found) > _WARNINGS else []
    lines = [f"> [!{kind}]", f"> **{title}**", ">", *(f"> - {one}" for one in [*found[:_WARNINGS], *more])]
    return "\n".join(lines) if found else ""
