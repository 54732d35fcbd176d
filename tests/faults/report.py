"""What the faults did: a table for people, and the same in Markdown for docs/faults.md."""

from collections.abc import Iterable, Sequence

from rich.table import Table

from tests.faults.verdict import Outcome, problems

_COLUMNS = (
    "fault",
    "traces sent",
    "had to be kept",
    "kept whole",
    "in part",
    "lost",
    "refused at the sender",
    "copies (spans)",
    "lost spans: oracle, counters, bound",
    "alerts",
    "s until readable",
)


def table(outcomes: Iterable[Outcome]) -> Table:
    """Return the table for a terminal."""
    shown = Table(*_COLUMNS, "verdict", box=None)
    for one in outcomes:
        wrong = [*problems(one)]
        shown.add_row(*cells(one), "; ".join(wrong) or "as it must be", style="red" if wrong else None)
    return shown


def cells(outcome: Outcome) -> list[str]:
    """Return the values of a fault, one for each column."""
    judgement = outcome.judgement
    counts = (
        judgement.sent,
        judgement.to_keep,
        judgement.count("whole"),
        judgement.count("in part"),
        judgement.count("lost"),
        judgement.count("refused"),
        outcome.copies,
    )
    return [
        outcome.fault.name,
        *(f"{count:,}".replace(",", " ") for count in counts),
        f"{judgement.missing}, {outcome.counted}, {outcome.bound}",
        ", ".join(sorted(outcome.alerts or ())) or "none",
        f"{outcome.seconds:.0f}",
    ]


def markdown(outcomes: Sequence[Outcome], machine: str, date: str) -> str:
    """Return the generated part of docs/faults.md."""
    rows = [_COLUMNS, ["---"] * len(_COLUMNS), *map(cells, outcomes)]
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([f"\nMeasured on {date}: {machine}.\n", *lines, "", *_descriptions(outcomes), ""])


def _descriptions(outcomes: Iterable[Outcome]) -> Iterable[str]:
    for one in outcomes:
        yield f"- **{one.fault.name}**: {one.fault.what}"
        yield from (
            f"  May be lost: {loss.why} ([loss.md](loss.md), “{loss.documented}”)." for loss in one.fault.losses
        )
