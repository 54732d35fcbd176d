"""The whole comment as a reader sees it: what it says, that it stays well-formed, and how it is cut."""

import pytest

from plan.cost.bill import CostItem
from review.comment import LIMIT, MARKER, comment
from review.costs import cost_difference
from review.findings import Finding
from review.git import Commit
from review.losses import Warned
from review.stack_review import StackReview, Status
from review.texts import TextDifference
from review.write import comment_on
from snapshot.changes import Change, Effect
from tests.support.markdown import read
from tests.unit.review.test_markdown import NASTY

BEFORE = (CostItem(name="volumes", usd=10.0, basis=""), CostItem(name="gone", usd=2.0, basis=""))
AFTER = (CostItem(name="volumes", usd=20.5, basis=""), CostItem(name="pods", usd=1.0, basis=""))
CHANGES = (
    Change(Effect.RELOADED, "ConfigMap", "overrides", is_protected=False, read_by=("tempo-querier-server",)),
    Change(Effect.RENEWED, "ConfigMap", "files", is_protected=False),
    Change(Effect.REPLACED, "StatefulSet", "tempo-ingester-server", is_protected=True),
    Change(Effect.RESTARTED, "StatefulSet", "gateway-server", is_protected=True),
    Change(Effect.DELETED, "Service", "old", is_protected=False),
)


def finding(severity: str, level: str, sentence: str = "Change it.", resource: str = "Bucket b") -> Finding:
    """Return a finding."""
    return Finding(rule=f"rule-{severity}", severity=severity, level=level, resource=resource, sentence=sentence)


PROD = StackReview(
    name="prod",
    status=Status.KEPT,
    changes=CHANGES,
    servers=("gateway-server", "tempo-querier-server", "tempo-ingester-server"),
    warnings=(Warned("Bucket b is deleted: this deletes it.", loses=True), Warned("Look.", loses=False)),
    findings=(finding("critical", "mandatory"), finding("low", "advisory", resource="")),
    cost=cost_difference(BEFORE, AFTER),
    texts=(TextDifference("tempo.yaml", ("@@ -1 +1 @@", "-old", "+new")),),
)
DOJO = StackReview(name="dojo", status=Status.KEPT, findings=(), cost=cost_difference(BEFORE, BEFORE))


def written(*reviews: StackReview, limit: int | None = LIMIT) -> str:
    """Return the comment on stacks."""
    return comment(reviews, "Compared with `abc`.", "SEE ALL", limit)


def huge(lines: int, rows: int) -> StackReview:
    """Return a stack with long differences and tables."""
    text = TextDifference("tempo.yaml", tuple(f"+{number} {'x' * 90}" for number in range(lines)))
    changes = tuple(
        Change(Effect.CREATED, "ConfigMap", f"name-{number:04}", is_protected=False) for number in range(rows)
    )
    warnings = (Warned("This one must stay.", loses=True),)
    return StackReview(name="huge", status=Status.KEPT, changes=changes, texts=(text, text), warnings=warnings)


def test_the_first_table_has_a_row_for_each_stack_and_a_column_for_each_effect() -> None:
    heading, dojo, prod = read(written(DOJO, PROD)).table("stack")
    assert heading[1:-2] == ["reloads", "renews", "restarts", "replaces", "deletes"]
    assert dojo == ["dojo (nothing changes)", *[""] * 5, "none", "12.00"]
    assert prod == ["prod", *["1"] * 5, "1 critical, 1 low (1 mandatory)", "12.00 → 21.50 (+9.50)"]


def test_a_stack_that_nothing_touches_has_no_section() -> None:
    assert "### `prod`" in written(DOJO, PROD)
    assert "### `dojo`" not in written(DOJO, PROD)


def test_data_loss_is_told_before_everything_else_that_needs_attention() -> None:
    text = written(PROD)
    loss, other, section = text.index("this deletes it"), text.index("> - `prod`: Look."), text.index("### `prod`")
    assert text.index("> [!CAUTION]") < loss < text.index("> [!WARNING]") < other < section


def test_a_section_says_what_restarts_is_replaced_and_is_refused() -> None:
    text = written(PROD)
    assert "- Restarts, one after another: gateways\n" in text
    assert "- Replaced: StatefulSet `tempo-ingester-server`\n" in text
    assert "- Refused by the engine, because they are protected: StatefulSet `tempo-ingester-server`\n" in text
    assert "- Deleted: Service old\n" in text
    assert "- Reads its configuration again without a restart: queriers\n" in text


def test_every_change_has_a_row() -> None:
    rows = read(written(PROD)).table("kind")[1:]
    assert [row[0] for row in rows] == ["reloaded", "renewed", "replaced", "restarted", "deleted"]
    assert rows[0][3] == "read by tempo-querier-server"
    assert rows[2][3] == "protected"


def test_costs_are_told_by_item() -> None:
    rows = read(written(PROD)).table("US dollars a month")
    cost = next(table for table in read(written(PROD)).tables if table[0][1:] == ["before", "after", "difference"])
    assert cost[1:] == [
        ["volumes", "10.00", "20.50", "+10.50"],
        ["pods", "0.00", "1.00", "+1.00"],
        ["gone", "2.00", "0.00", "-2.00"],
        ["in all", "12.00", "21.50", "+9.50"],
    ]
    assert len(rows) == 2


def test_policies_are_told_by_severity_and_that_they_did_not_run() -> None:
    rows = read(written(PROD)).table("severity")[1:]
    assert [row[0] for row in rows] == ["critical", "low"]
    assert [row[3] for row in rows] == ["Bucket b", "the stack"]
    not_run = StackReview(name="x", status=Status.NEW, findings=None)
    assert "Policies: not run." in written(not_run)
    assert read(written(not_run)).table("stack")[1][1] == "not run"
    assert "Policies: no finding." in written(StackReview(name="x", status=Status.NEW, findings=()))


@pytest.mark.parametrize("text", NASTY)
def test_no_text_breaks_the_comment(text: str) -> None:
    """Wherever a text of somebody else stands, the same elements come out as for a harmless one."""
    reviews = [
        StackReview(
            name=name,
            status=Status.KEPT,
            changes=tuple(
                Change(effect, name, name, is_protected=False) for effect in (Effect.DELETED, Effect.REPLACED)
            ),
            problems=(name,),
            warnings=(Warned(name, loses=True),),
            findings=(finding("high", name, name, name),),
            cost=cost_difference((), (CostItem(name=name, usd=1.0, basis=name),)),
            texts=(TextDifference(name, tuple(name.splitlines())),),
        )
        for name in ("harmless", text)
    ]
    harmless, other = (read(written(review)) for review in reviews)
    assert [list(map(len, table)) for table in other.tables] == [
        list(map(len, table)) for table in harmless.tables
    ]
    assert len(other.blocks) == 1
    for tag in (
        "<details>",
        "</details>",
        "<summary>",
        "<h3>",
        "<blockquote>",
        "<table>",
        "<script",
        "<img",
        "<a ",
    ):
        assert other.html.count(tag) == harmless.html.count(tag), tag


def test_a_small_comment_is_not_cut() -> None:
    assert "is cut" not in written(PROD)
    assert written(PROD) == written(PROD, limit=None)


@pytest.mark.parametrize(("lines", "rows"), [(500, 10), (5000, 10), (20_000, 10), (10, 3000), (5000, 5000)])
def test_a_large_comment_is_cut_to_the_limit_and_keeps_the_summary(lines: int, rows: int) -> None:
    text = written(PROD, huge(lines, rows))
    assert len(text.encode()) <= LIMIT
    assert "cut to 65536 bytes" in text
    assert "SEE ALL" in text
    assert "This one must stay." in text
    assert f"| `huge` |  |  |  |  |  | {rows} |" in text or str(rows) in read(text).table("stack")[2]
    assert len(read(text).blocks) == text.count("```diff")
    assert text.count("<details>") == text.count("</details>")
    assert "left out" in text


def test_what_is_cut_is_no_more_than_needed() -> None:
    """Half of the room unused would hide what a reviewer came for."""
    assert len(written(huge(5000, 10)).encode()) > LIMIT / 3


def test_the_whole_comment_can_be_seen() -> None:
    text = written(huge(5000, 10), limit=None)
    assert len(text) > LIMIT
    assert "left out" not in text


def test_even_a_summary_that_is_too_long_is_cut_at_a_line() -> None:
    many = [StackReview(name=f"stack-{number}", status=Status.NEW, problems=("p" * 500,)) for number in range(400)]
    text = written(*many)
    assert len(text.encode()) <= LIMIT
    assert text.startswith(MARKER)
    assert text.rstrip().endswith("SEE ALL")
    assert all(len(row) == 3 for row in read(text).table("stack"))


def test_a_secret_that_a_rule_or_a_file_gives_away_is_hidden() -> None:
    leaking = StackReview(
        name="prod",
        status=Status.KEPT,
        problems=("token ghp_0123456789abcdefghijABCDEFGHIJ012345",),
        warnings=(Warned("AKIAIOSFODNN7EXAMPLE", loses=True),),
        findings=(finding("high", "mandatory", "the password=hunter2 is weak"),),
        texts=(TextDifference("a.yaml", ("+secret_key: planted-secret-value",)),),
    )
    text = written(leaking)
    for secret in ("0123456789abcdef", "IOSFODNN7", "hunter2", "planted-secret-value"):
        assert secret not in text


def test_a_change_of_the_policies_that_judge_it_is_told() -> None:
    """Otherwise a rule that is turned off looks like a change without a finding."""
    commit = Commit("main", "0" * 40)
    changed = [f"policies/rules/{number}.py" for number in range(7)]
    text = comment_on(commit, ({}, {}), {}, changed_policies=changed)
    assert "judged:** `policies/rules/0.py`, " in text
    assert "`policies/rules/4.py` and 2 more." in text
    assert "judged" not in comment_on(commit, ({}, {}), {})
