"""What the faults did: a table for people, and the same in Markdown for docs/faults.md."""

from collections.abc import Iterable, Iterator, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from plan.cost.bill import shown
from review.markdown import table
from tests.faults.fault import Fault
from tests.faults.sacrifice import rows
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


def show(outcomes: Sequence[Outcome], out: Console) -> None:
    """Print what each fault did, and what it must not have done."""
    for one in outcomes:
        lines = Table(box=None, show_header=False)
        for column, cell in zip(_COLUMNS, cells(one), strict=True):
            lines.add_row(column, Text(cell, style="bold" if column == _COLUMNS[0] else ""))
        out.print(lines)
        if one.fault.gives_up:
            out.print(Text(overload(one)))
        wrong = [*problems(one)]
        out.print(Text("\n".join(wrong) or "as it must be", style="red" if wrong else "green"), "")


def overload(outcome: Outcome) -> str:
    """Return what the gateway gave up and what it took, in Markdown."""
    heading = ("class", "traces kept", "spans given up at its level, of all traffic")
    return (
        f"{table(heading, rows(outcome.judgement, outcome.grown), right=(1, 2))}\n\n"
        f"{outcome.accepted:,} spans reached the gateway and {outcome.delivered:,} left it in "
        f"{outcome.fault.seconds:.0f} s and a few more. It took {outcome.memory_share:.0%} of its memory at most; "
        f"{outcome.starts} were started anew."
    )


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
    )
    return [
        outcome.fault.name,
        *(shown(count) for count in counts),
        "not counted" if outcome.fault.other_traffic else shown(outcome.copies),
        f"{judgement.missing}, {outcome.counted}, {outcome.bound}",
        ", ".join(sorted((outcome.alerts or frozenset()) - outcome.older_alerts)) or "none",
        f"{outcome.seconds:.0f}",
    ]


def markdown(outcomes: Iterable[Outcome], faults: Iterable[Fault], measured: str, before: str) -> str:
    """Return the generated part of docs/faults.md; faults that did not run keep their rows of the text `before`.

    `measured` says when and where the others ran.
    """
    rows = {line.split(" | ")[0].removeprefix("| "): line for line in before.splitlines() if line.startswith("| ")}
    rows |= {one.fault.name: _row([*cells(one), measured]) for one in outcomes}
    faults = [fault for fault in faults if fault.name in rows]
    head = [_row([*_COLUMNS, "measured"]), _row(["---"] * (len(_COLUMNS) + 1))]
    return "\n".join(["", *head, *(rows[fault.name] for fault in faults), "", *_descriptions(faults), ""])


def _row(values: Iterable[str]) -> str:
    return f"| {' | '.join(values)} |"


def _descriptions(faults: Iterable[Fault]) -> Iterator[str]:
    for fault in faults:
        yield f"- **{fault.name}**: {fault.what}"
        lost = (f"  May be lost: {one.why} ([loss.md](loss.md), “{one.documented}”)." for one in fault.losses)
        yield from dict.fromkeys(lost)
