import io
from collections.abc import Callable
from pathlib import Path

import pytest

from lab.commands.preview import Kept, clean_preview, plan_of, preview, refuse_drift
from lab.engine.run import EngineError, Outcome
from lab.errors import LabError
from lab.node import Node
from lab.progress import Progress
from lab.target.target import simulated_folder
from review.write import EVENT_LOG
from tests.lab.node.test_configs import SIMULATED
from tests.support.recorded_engine import RecordedEngine, RecordedTarget, log_of, recorded_engine

pytestmark = pytest.mark.usefixtures("own_folders")


@pytest.fixture
def here(tmp_path: Path) -> Callable[..., RecordedTarget]:
    """Return a target whose preview is as given."""

    def made(**what: str) -> RecordedTarget:
        engine = recorded_engine(tmp_path / "engine", **what)
        return RecordedTarget(
            tmp_path / "kubeconfig", engine.home, Node(simulated_folder(), SIMULATED), recorded=engine
        )

    return made


def test_a_preview_is_kept_for_the_comment_and_for_the_approval(
    here: Callable[..., RecordedTarget], progress: Progress, tmp_path: Path
) -> None:
    events, digest = tmp_path / "previews", tmp_path / "approved" / "digest"
    preview(here(), "prod", progress, Kept(events, digest))
    assert (events / EVENT_LOG.format(stack="prod")).read_text(encoding="utf-8") == log_of("update")
    assert len(digest.read_text(encoding="ascii").strip()) == 64


def test_a_refused_preview_is_kept_for_the_comment_and_cannot_be_approved(
    here: Callable[..., RecordedTarget], progress: Progress, tmp_path: Path
) -> None:
    """Its event log has the policies' sentences."""
    kept = Kept(tmp_path / "previews", tmp_path / "digest")
    with pytest.raises(EngineError, match="no key"):
        preview(here(refusal="The policies refuse this:\n  no key"), "prod", progress, kept)
    assert (tmp_path / "previews" / EVENT_LOG.format(stack="prod")).is_file()
    assert not (tmp_path / "digest").exists()


def locked(*_: object, **__: object) -> Outcome:
    """Refuse a run before it starts."""
    raise LabError("Locked.", "Wait.")


def test_the_log_of_an_earlier_preview_is_not_kept_for_one_that_did_not_start(
    here: Callable[..., RecordedTarget], progress: Progress, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The comment would show yesterday's preview."""
    preview(here(), "prod", progress)
    monkeypatch.setattr(RecordedEngine, "preview", locked)
    with pytest.raises(LabError, match="Locked"):
        preview(here(), "prod", progress, Kept(tmp_path / "previews"))
    assert not (tmp_path / "previews").exists()


def test_what_the_policies_accept_is_deployed(
    here: Callable[..., RecordedTarget], progress: Progress, screen: io.StringIO
) -> None:
    """And the plan is said before anything is changed."""
    clean_preview(here(), "prod", progress, None)
    assert "The policies accept stack prod: 1 to update, 3 unchanged." in screen.getvalue()


def test_what_the_policies_refuse_is_not_deployed_and_the_error_says_that_nothing_changed(
    here: Callable[..., RecordedTarget], progress: Progress
) -> None:
    with pytest.raises(LabError, match="no key") as refusal:
        clean_preview(here(refusal="The policies refuse this:\n  no key"), "prod", progress, None)
    assert refusal.value.fix == "Nothing was changed. The whole output is in x.log."


def test_what_was_approved_is_deployed(
    here: Callable[..., RecordedTarget], progress: Progress, tmp_path: Path
) -> None:
    preview(here(), "prod", progress, Kept(digest=tmp_path / "digest"))
    clean_preview(here(), "prod", progress, tmp_path / "digest")


def test_another_preview_than_the_approved_one_is_refused(
    here: Callable[..., RecordedTarget], progress: Progress, tmp_path: Path
) -> None:
    """Somebody else deployed, or scaled something by hand, while the approval was waited for."""
    preview(here(), "prod", progress, Kept(digest=tmp_path / "digest"))
    with pytest.raises(LabError, match="no longer says what was approved") as refusal:
        clean_preview(here(log=log_of("replace")), "prod", progress, tmp_path / "digest")
    assert refusal.value.fix.startswith("Nothing was changed.")
    assert f"make preview STACK=prod DIGEST={tmp_path}/digest" in refusal.value.fix


@pytest.mark.parametrize("content", [None, "", "approved\n"])
def test_a_missing_or_empty_approval_approves_nothing(
    content: str | None, here: Callable[..., RecordedTarget], progress: Progress, tmp_path: Path
) -> None:
    if content is not None:
        (tmp_path / "digest").write_text(content, encoding="utf-8")
    with pytest.raises(LabError, match="digest"):
        clean_preview(here(), "prod", progress, tmp_path / "digest")


@pytest.mark.parametrize("log", ["", "{", '{"sequence": 0, "preludeEvent": {}}\n'])
def test_a_preview_that_did_not_come_to_its_end_cannot_be_approved(
    log: str, here: Callable[..., RecordedTarget], progress: Progress, tmp_path: Path
) -> None:
    """A full disk may cut the engine's log."""
    with pytest.raises(LabError, match="The preview has no digest"):
        preview(here(log=log), "prod", progress, Kept(digest=tmp_path / "digest"))
    assert not (tmp_path / "digest").exists()


def test_a_stack_as_its_settings_say_has_no_drift(tmp_path: Path) -> None:
    refuse_drift("prod", Outcome(changes={"same": 40}, text="", seconds=1, events=tmp_path))


def test_drift_is_refused_with_what_differs(tmp_path: Path) -> None:
    with pytest.raises(LabError, match=r"prod differs from Pulumi\.prod\.yaml .*: 1 to update, 40 unchanged"):
        refuse_drift("prod", Outcome(changes={"same": 40, "update": 1}, text="", seconds=1, events=tmp_path))


def test_a_plan_names_every_operation_in_words() -> None:
    """An operation that is not known here is not left out."""
    assert plan_of({"same": 1, "create": 2, "discard": 3}) == "2 to create, 1 unchanged, 3 discard"
    assert plan_of({}) == "no resources"
