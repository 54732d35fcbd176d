"""What a comment says of one stack, as Markdown."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from plan.cost.bill import CostItem, shown
from review.costs import CostDifference, usd
from review.findings import Finding
from review.markdown import code, fenced, folded, plain, table
from review.names import counted
from review.stack_review import StackReview, Status
from review.texts import TextDifference
from snapshot.change_tables import in_words, listed
from snapshot.changes import Change, Effect

_WORDS = {Status.KEPT: "", Status.NEW: ", a new stack", Status.REMOVED: ", removed"}


@dataclass(frozen=True)
class Room:
    """How much is shown: lines of one difference, and rows of one table; None for all."""

    lines: int | None = None
    rows: int | None = None


def section(review: StackReview, room: Room) -> str:
    """Return the part of a comment on one stack."""
    parts = [
        f"### {code(review.name)}{_WORDS[review.status]}",
        *(f"> {plain(problem)}" for problem in review.problems),
        _effects(review),
        _all_changes(review, room),
        _policies(review.findings, room),
        _cost(review.cost, room) if review.cost else "",
        *(_text(difference, room) for difference in review.texts),
    ]
    return "\n\n".join(part for part in parts if part)


def _effects(review: StackReview) -> str:
    """Return what a reviewer must not miss as a list: what restarts, goes, and is refused."""
    by_effect = {effect: [one for one in review.changes if one.effect == effect] for effect in Effect}
    restarted = [change.name for change in by_effect[Effect.RESTARTED]]
    readers = {name for change in by_effect[Effect.RELOADED] for name in change.read_by}
    lines = {
        "Refused by the engine, because they are protected": _named(c for c in review.changes if c.is_refused),
        "Replaced": _named(by_effect[Effect.REPLACED]),
        "Deleted": plain(listed(by_effect[Effect.DELETED])),
        "Restarts, one after another": ", ".join(map(plain, in_words(restarted, review.servers))),
        "Reads its configuration again without a restart": ", ".join(
            map(plain, in_words(readers, review.servers))
        ),
    }
    bullets = [f"- {title}: {what}" for title, what in lines.items() if what]
    if review.foreign:
        bullets.append(
            f"- Not from this pull request, because what is deployed differs from the compared commit: "
            f"{counted(review.foreign, 'resource')} of the preview"
        )
    return "\n".join(bullets)


def _named(changes: Iterable[Change]) -> str:
    return ", ".join(f"{plain(change.kind)} {code(change.name)}" for change in changes)


def _all_changes(review: StackReview, room: Room) -> str:
    if not review.changes:
        return ""
    source = "by the engine's preview" if review.previewed else "by the program alone"
    rows = [(change.effect, plain(change.kind), code(change.name), _notes(change)) for change in review.changes]
    content = _cut_table(("", "kind", "name", ""), rows, room)
    return folded(f"{counted(len(review.changes), 'resource')}, {source}", content)


def _notes(change: Change) -> str:
    notes = ["protected"] if change.is_protected else []
    notes += [f"read by {', '.join(map(code, change.read_by))}"] if change.read_by else []
    return "; ".join(notes)


def _policies(findings: Sequence[Finding] | None, room: Room) -> str:
    if findings is None:
        return "Policies: not run."
    if not findings:
        return "Policies: no finding."
    rows = [
        (
            one.severity or "unrated",
            code(one.rule),
            plain(one.level),
            code(one.resource) or "the stack",
            plain(one.sentence),
        )
        for one in findings
    ]
    return f"Policies:\n\n{_cut_table(('severity', 'rule', 'level', 'resource', 'what'), rows, room)}"


def _cost(cost: CostDifference, room: Room) -> str:
    if not cost.items:
        return ""
    rows = [_money((after or before), usd(before), usd(after)) for before, after in cost.items]
    rows.append(("**in all**", *_amounts(cost.before_usd, cost.after_usd)))
    heading = ("US dollars a month", "before", "after", "difference")
    return f"Cost:\n\n{_cut_table(heading, rows, room, right=(1, 2, 3))}"


def _money(item: CostItem | None, before: float, after: float) -> tuple[str, ...]:
    return (plain(item.name) if item else "", *_amounts(before, after))


def _amounts(before: float, after: float) -> tuple[str, str, str]:
    return shown(before, 2), shown(after, 2), signed(after - before)


def signed(amount: float) -> str:
    """Return an amount of dollars with its sign: `+12.50`, `-3.00`."""
    return f"{'-' if amount < 0 else '+'}{shown(abs(amount), 2)}"


def _text(difference: TextDifference, room: Room) -> str:
    lines = difference.lines[: room.lines]
    left_out = len(difference.lines) - len(lines)
    title = f"{difference.name}: +{difference.added} -{difference.removed}"
    if not lines:
        return f"{plain(title)} (left out)"
    note = f"\n\n{counted(left_out, 'line')} left out." if left_out else ""
    return folded(title, f"{fenced(chr(10).join(lines), 'diff')}{note}")


def _cut_table(
    heading: Sequence[str], rows: Sequence[Sequence[str]], room: Room, right: Sequence[int] = ()
) -> str:
    kept = rows[: room.rows]
    left_out = len(rows) - len(kept)
    note = f"\n\n{counted(left_out, 'row')} left out." if left_out else ""
    return f"{table(heading, kept, right) if kept else ''}{note}".strip()
