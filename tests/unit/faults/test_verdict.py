import contextlib
import io
from collections import Counter
from dataclasses import replace

import pytest
from rich.console import Console

from render.names import GATEWAY
from settings.project import REPO
from tests.faults.every import FAULTS
from tests.faults.fault import Fault, Loss
from tests.faults.oracle import Expected, judge
from tests.faults.report import cells, markdown, show
from tests.faults.verdict import Outcome, problems

_SPANS = frozenset({b"1", b"2", b"3", b"4"})
_FAULT = Fault(
    name="a fault", what="What is done.", block=lambda _: contextlib.nullcontext(), seconds=1, settle_seconds=1
)
_COUNTED = Loss(
    why="the queue is full", documented="a gateway's queue", component=GATEWAY, counter="dropped_total"
)
_UNCOUNTED = Loss(why="it was in memory", documented="killed", most_seconds=0.02)


def _outcome(fault: Fault = _FAULT, lost: int = 0, counted: int = 0, *, kept: bool = True) -> Outcome:
    """Return the outcome of 10 traces, of which some are lost."""
    sent = [Expected(bytes([number]), "failed", kept, _SPANS) for number in range(10)]
    found = {one.id: _SPANS for one in sent[lost:]}
    grown = Counter({(GATEWAY, "dropped_total"): counted})
    return Outcome(
        fault=fault, judgement=judge(sent, set(), found), grown=grown, alerts=frozenset({"One"}), seconds=12.3
    )


def test_a_fault_that_loses_nothing_has_no_problems() -> None:
    assert [*problems(_outcome())] == []


def test_a_loss_that_no_fault_may_cause_is_a_problem() -> None:
    (problem,) = problems(_outcome(lost=1))
    assert problem.startswith("4 spans are missing, the counters say 0, and at most 0 may be lost uncounted: 00")


@pytest.mark.parametrize(("counted", "wrong"), [(4, 0), (3, 1), (5, 1), (0, 1)])
def test_a_counted_loss_must_be_counted_exactly(counted: int, wrong: int) -> None:
    fault = replace(_FAULT, losses=(_COUNTED,))
    assert len([*problems(_outcome(fault, lost=1, counted=counted))]) == wrong


@pytest.mark.parametrize(("lost", "wrong"), [(0, 0), (1, 1)])
def test_an_uncounted_loss_must_stay_below_its_bound(lost: int, wrong: int) -> None:
    """The bound of 0.02 s is two of 100 spans a second."""
    fault = replace(_FAULT, losses=(_UNCOUNTED,))
    assert len([*problems(_outcome(fault, lost))]) == wrong


def test_a_sender_may_be_refused_for_good_only_where_the_fault_says_so() -> None:
    outcome = _outcome(lost=1)
    (first, *_) = outcome.judgement.judged
    refused = replace(
        outcome,
        judgement=judge(
            [one.expected for one in outcome.judgement.judged],
            {first.expected.id},
            {one.expected.id: _SPANS for one in outcome.judgement.judged[1:]},
        ),
    )
    assert [*problems(refused)] == ["1 traces were refused for longer than a sender repeats them: 00"]
    assert [*problems(replace(refused, fault=replace(_FAULT, refuses=True)))] == []


def test_where_all_is_kept_no_decision_loses_anything() -> None:
    split = replace(_UNCOUNTED, most_seconds=1000, by_decision=True)
    outcome = _outcome(replace(_FAULT, losses=(split,)))
    assert outcome.bound == 0
    dropped = Expected(b"dropped", "rest", False, _SPANS)
    sent = [one.expected for one in outcome.judgement.judged]
    some = replace(outcome, judgement=judge([*sent, dropped], set(), {one.id: _SPANS for one in sent}))
    assert some.bound == round(1000 * 100 * 10 / 11)


def test_a_trace_that_was_kept_against_the_settings_is_a_problem() -> None:
    assert any("kept against the settings" in problem for problem in problems(_outcome(kept=False)))


def test_a_run_in_which_nothing_had_to_be_kept_shows_nothing() -> None:
    assert "no trace had to be kept, so nothing was shown" in problems(_outcome(kept=False))


def test_an_alert_that_does_not_fire_is_a_problem_where_somebody_looked() -> None:
    outcome = _outcome(replace(_FAULT, alerts=frozenset({"One", "Two"})))
    assert [*problems(outcome)] == ["did not fire: Two"]
    assert [*problems(replace(outcome, alerts=None))] == []


def test_the_table_says_what_became_of_the_traces() -> None:
    fault = replace(_FAULT, losses=(_COUNTED,))
    outcome = _outcome(fault, lost=2, counted=8)
    assert cells(outcome) == ["a fault", "10", "10", "8", "0", "2", "0", "0", "8, 8, 0", "One", "12"]


def test_a_terminal_shows_every_figure_and_what_is_wrong() -> None:
    out = Console(file=io.StringIO(), width=200)
    show([_outcome(), _outcome(lost=1)], out)
    printed = out.file.getvalue()  # type: ignore[attr-defined]
    assert "had to be kept" in printed
    assert printed.count("as it must be") == 1
    assert printed.count("4 spans are missing") == 1


def test_the_page_has_the_same_rows_and_names_each_loss() -> None:
    outcome = _outcome(replace(_FAULT, losses=(_COUNTED,)), lost=1, counted=4)
    page = markdown([outcome], [outcome.fault], "today", "")
    assert "| a fault | 10 | 10 | 9 | 0 | 1 | 0 | 0 | 4, 4, 0 | One | 12 | today |" in page
    assert "May be lost: the queue is full ([loss.md](loss.md), “a gateway's queue”)." in page


def test_a_fault_that_did_not_run_keeps_its_row() -> None:
    faults = [replace(_FAULT, name=name) for name in ("first", "second", "never ran")]
    before = markdown([_outcome(fault) for fault in faults[:2]], faults, "yesterday", "")
    after = markdown([_outcome(faults[1])], faults, "today", before)
    rows = [line.split(" | ") for line in after.splitlines() if line.startswith("| ")]
    assert [(row[0], row[-1]) for row in rows[2:]] == [("| first", "yesterday |"), ("| second", "today |")]


def test_every_loss_of_a_fault_is_described_in_the_document() -> None:
    document = (REPO / "docs" / "loss.md").read_text(encoding="utf-8")
    losses = [loss for fault in FAULTS for loss in fault.losses]
    assert losses
    assert [loss.documented for loss in losses if loss.documented not in document] == []


def test_every_loss_is_counted_or_has_a_bound() -> None:
    assert all(bool(loss.counter) != bool(loss.most_seconds) for fault in FAULTS for loss in fault.losses)


def test_faults_have_names_of_their_own() -> None:
    assert len({fault.name for fault in FAULTS}) == len(FAULTS)
    # They are separated by commas on the command line.
    assert not any("," in fault.name for fault in FAULTS)
