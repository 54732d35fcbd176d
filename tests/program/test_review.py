"""The comment on real commits: each side is run by its own code, and what cannot run is told in a sentence."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from review.app import main
from review.comment import MARKER
from review.git import Commit, base_of
from review.sides import Side, SideError, both_sides, side
from review.write import comment_on, read_previews
from settings.project import REPO
from tests.support.commits import Repository
from tests.support.events import error, state, step, summary, violation, written
from tests.support.markdown import Read, read
from tests.support.stacks import ABSENT

_OWN_STORE = {
    "object_store.kind": "s3_compatible",
    "object_store.minio": ABSENT,
    "object_store.endpoint": "seaweed:8333",
    "object_store.plain_http": True,
    "object_store.encryption": "none",
    "images.object_store": ABSENT,
    "environment.name": "extra",
}
_PLANTED = {
    "fawkes-tracing:object_store_access_key": "planted-access-key",
    "fawkes-tracing:object_store_secret_key": "planted-secret-key",
}


class Compared(NamedTuple):
    """A commit, its side, and the side of the working tree."""

    commit: Commit
    before: Side
    after: Side


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Compared:
    """A branch that changes every stack, and whose fork has no code for comments yet."""
    found = Repository.of_this_project(tmp_path_factory.mktemp("changed"))
    moved = tmp_path_factory.mktemp("moved")
    for folder in ("review", "policies"):
        (found.folder / folder).rename(moved / folder)
    found.write_stack("repaired", "dojo", {"retention.detailed_hours": 0})
    found.commit("fork")
    for folder in ("review", "policies"):
        (moved / folder).rename(found.folder / folder)
    found.write_stack("prod", "prod", {"retention.detailed_hours": 100, "collectors.gateway.replicas": 4})
    found.write_stack("dojo", "dojo", {"tempo.volume_size_gib": 20})
    found.write_stack("extra", "dojo", _OWN_STORE, _PLANTED)
    found.write_stack("refused", "dojo", {"retention.detailed_hour": 1})
    found.write_stack("repaired", "dojo", {})
    (found.folder / "Pulumi.staging.yaml").unlink()
    # Of the program alone, without a setting.
    found.edit(
        "components/tempo/monolith.py", lambda text: text.replace("_GRACE_SECONDS = 20", "_GRACE_SECONDS = 21")
    )
    commit = base_of(found.folder, "fork")
    return Compared(commit, *both_sides(commit, found.folder))


@pytest.fixture(scope="module")
def text(compared: Compared) -> str:
    """The comment on all of it."""
    return comment_on(compared.commit, (compared.before, compared.after), {})


@pytest.fixture(scope="module")
def seen(text: str) -> Read:
    """What a reader sees of it."""
    return read(text)


def cells(seen: Read, stack: str) -> dict[str, str]:
    """Return a stack's row of the first table, by heading."""
    heading, *rows = seen.table("stack")
    return dict(zip(heading, next(row for row in rows if row[0].startswith(stack)), strict=True))


def part(text: str, stack: str) -> str:
    """Return what the comment says below the stack's heading."""
    return text.partition(f"### `{stack}`")[2].partition("\n### ")[0]


def test_it_begins_with_the_mark_by_which_it_is_found_again(text: str) -> None:
    assert text.startswith(MARKER)


def test_a_shorter_retention_is_a_warning_and_restarts_nothing(seen: Read, text: str) -> None:
    assert "`prod`: retention.detailed\\_hours goes from 168 h to 100 h" in text
    # The tenants' limits, and the boards and rules whose figures follow from them.
    assert cells(seen, "prod")["reloads"] == "5"
    assert "-      block_retention: 168h\n+      block_retention: 100h" in part(text, "prod")


def test_another_gateway_costs_more_item_by_item(seen: Read) -> None:
    rows = next(table for table in seen.tables if table[0][0] == "US dollars a month")
    assert [row[0] for row in rows if row[3].startswith("+")] == ["Pods, gateways", "volumes, gateways", "in all"]


def test_a_resized_volume_of_an_unprotected_stack_is_lost(seen: Read, text: str) -> None:
    assert "> - `dojo`: StatefulSet tempo-server is replaced: this deletes the volumes of 1 Pod." in text
    assert cells(seen, "dojo")["replaces"] == "1"


def test_a_change_of_the_code_alone_is_seen(text: str) -> None:
    """Each side is run by its own code: with one program for both, nothing would differ."""
    assert re.search(r'^- +"terminationGracePeriodSeconds": 20', part(text, "dojo"), re.MULTILINE)
    assert re.search(r'^\+ +"terminationGracePeriodSeconds": 21', part(text, "dojo"), re.MULTILINE)


def test_a_removed_stack_keeps_its_resources(text: str) -> None:
    assert "`staging` (removed)" in text
    assert re.search(r"That deletes nothing: \d+ resources stay until somebody runs", text)
    assert "StatefulSet" not in part(text, "staging")


def test_a_new_stack_is_created_and_its_secrets_are_not_shown(seen: Read, text: str) -> None:
    assert cells(seen, "extra")["stack"] == "extra (new)"
    assert int(cells(seen, "extra")["creates"]) > 20
    assert "planted" not in text
    assert "seaweed:8333" in text


def test_policies_ran_where_the_stack_has_levels(seen: Read) -> None:
    assert cells(seen, "prod")["policy findings"] != "not run"
    assert cells(seen, "extra")["policy findings"] == "not run"


def test_it_says_what_was_compared(text: str, compared: Compared) -> None:
    start = f"Compared with `{compared.commit.short}` of `fork`. The programs of both commits were compared,"
    assert start in text


def test_a_folder_of_previews_has_the_last_word(compared: Compared, tmp_path: Path) -> None:
    """They know what is deployed; a stack whose preview failed, or has none, is compared by its program."""
    kind = "kubernetes:apps/v1:StatefulSet"
    server = state(kind, "deployed-by-hand", {"metadata": {"name": "x"}, "spec": {"template": {}}})
    found = violation("a-rule", "advisory", "high", "Why.")
    written(tmp_path, "prod", [step("delete", server, None), found, summary({"pack": "v1"})])
    written(tmp_path, "dojo", [error("as it is protected", server["urn"]), error("preview failed")])
    (tmp_path / "extra.jsonl").write_text("", encoding="utf-8")
    text = comment_on(compared.commit, (compared.before, compared.after), read_previews(tmp_path))
    seen = read(text)
    assert cells(seen, "prod")["deletes"] == "1"
    assert "reloads" not in cells(seen, "prod")
    assert cells(seen, "prod")["policy findings"] == "1 high"
    assert "1 resource of the preview" in part(text, "prod")
    assert cells(seen, "dojo")["replaces"] == "1"
    assert "`dojo`: The engine's preview failed: StatefulSet deployed-by-hand: as it is protected" in text
    assert "extra.jsonl is no event log of the engine" in text
    assert "The engine's preview compared `prod` with what is deployed. The programs" in text


def test_a_stack_that_either_side_refuses_is_told_and_does_not_hide_the_others(text: str) -> None:
    assert "`repaired`: The earlier commit's program refuses this stack, so nothing is compared: " in text
    assert "retention.detailed\\_hours: the value is too small" in text
    assert "`refused`: The program refuses this stack, so it cannot be deployed: " in text
    assert "retention.detailed\\_hour: unknown key" in text


def breaks_its_syntax(folder: Path) -> None:
    """Make a module unreadable."""
    (folder / "settings/loader.py").write_text("def (", encoding="utf-8")


def loses_a_module(folder: Path) -> None:
    """Remove what the newer code reads it by, as in a commit from before a move."""
    (folder / "plan/limits.py").unlink()


def writes_another_format(folder: Path) -> None:
    """Make it older, or newer, than the code that reads it."""
    Repository(folder).edit("review/dump.py", lambda text: text.replace("FORMAT = 1", "FORMAT = 2"))


@pytest.mark.parametrize(
    ("break_", "reason"),
    [
        (breaks_its_syntax, "SyntaxError"),
        (loses_a_module, "No module named 'plan.limits'"),
        (writes_another_format, "in format 2"),
    ],
)
def test_a_commit_that_cannot_run_is_a_sentence(
    tmp_path: Path, break_: Callable[[Path], None], reason: str
) -> None:
    found = Repository.of_this_project(tmp_path)
    for file in found.folder.glob("Pulumi.*.yaml"):
        file.unlink()
    break_(found.folder)
    with pytest.raises(SideError, match=f"^.*the commit x.*{reason}"):
        side(found.folder, REPO, "the commit x")


def test_a_program_that_does_not_end_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "review").mkdir()
    (tmp_path / "review" / "dump.py").write_text("import time; time.sleep(60)", encoding="utf-8")
    monkeypatch.setattr("review.sides.SECONDS", 0.5)
    with pytest.raises(SideError, match=r"The program of the commit x did not end within 0\.5 s"):
        side(tmp_path, REPO, "the commit x")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["comment", "--base", "no-such-branch"], "'no-such-branch' is no commit"),
        (["comment"], "The commit to compare with is missing."),
        (
            ["comment", "--base", "HEAD", "--previews", "no/such/folder"],
            "no/such/folder is no folder of event logs",
        ),
        (["post"], "The variable "),
    ],
)
def test_the_command_refuses_with_a_sentence(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GITHUB_TOKEN", raising=False)
    assert main(arguments) == 1
    assert capsys.readouterr().err.startswith(sentence)
