import json
from pathlib import Path

from lab.engine.events import Event, Story, news, without_traceback
from review.names import label

URN = "urn:pulumi:dojo::tracing::fawkes:tracing:Tempo$kubernetes:apps/v1:StatefulSet::tempo"


def _step(kind: str, operation: str = "create", urn: str = URN) -> Event:
    token = urn.split("::")[2].rpartition("$")[2]
    return {kind: {"metadata": {"op": operation, "urn": urn, "type": token}}}


def _said(severity: str, message: str, **more: object) -> Event:
    return {"diagnosticEvent": {"severity": severity, "message": message, **more}}


def _story(*events: Event) -> Story:
    story = Story()
    for event in events:
        story.add(event)
    return story


def test_a_resource_is_named_by_kind_and_name() -> None:
    """A urn is too long for a line of progress."""
    assert label(URN) == "StatefulSet tempo"


def test_the_line_says_what_began_last_and_how_much_is_done() -> None:
    """One line must summarize forty resources."""
    other = URN.replace("::tempo", "::other")
    story = _story(_step("resourcePreEvent", urn=other), _step("resourcePreEvent"))
    assert story.line() == "creating StatefulSet tempo, 1 more under way, 0 done"
    story.add(_step("resOutputsEvent", urn=other))
    assert story.line() == "creating StatefulSet tempo, 1 done"


def test_what_stays_the_same_is_no_progress() -> None:
    """The stack itself and its providers are not reported either."""
    stack = "urn:pulumi:dojo::tracing::pulumi:pulumi:Stack::tracing-dojo"
    assert _story(_step("resourcePreEvent", "same"), _step("resourcePreEvent", urn=stack)).line() == ""


def test_a_passing_status_is_shown_in_the_line() -> None:
    """It names the Pod that a rollout waits for."""
    status = _said("info", "0 of 1 Pods ready", urn=URN, ephemeral=True)
    assert _story(_step("resourcePreEvent"), status).line() == "StatefulSet tempo: 0 of 1 Pods ready, 0 done"


def test_errors_name_their_resource_and_noise_is_left_out() -> None:
    """What remains is what a person can act on."""
    story = _story(
        _said("error", "1 error occurred:\n\t* Deployment is not ready\n\n", urn=URN),
        _said("error", "update failed"),
        _said("error", "an unhandled error occurred: program exited with non-zero exit code: 1\n"),
        _said("warning", "using pulumi-resource-random from $PATH at /somewhere"),
        _said("warning", "unknown field", urn=URN),
    )
    assert story.errors == ["StatefulSet tempo: Deployment is not ready"]


def test_the_summary_is_taken_as_it_is() -> None:
    """It is the engine's own count."""
    assert _story({"summaryEvent": {"resourceChanges": {"create": 3}}}).changes == {"create": 3}


def test_of_a_traceback_only_the_message_is_kept() -> None:
    """Whole, for a validation error has many lines, some of them indented."""
    text = (
        "Program failed with an unhandled exception:\nTraceback (most recent call last):\n"
        '  File "/program/__main__.py", line 3, in <module>\n    load()\n    ^^^^^^\n'
        "ValidationError: 2 errors\n  retention: too short\n  bucket: missing"
    )
    assert without_traceback(text) == "ValidationError: 2 errors\n  retention: too short\n  bucket: missing"


def test_a_message_without_a_traceback_stays_as_it_is() -> None:
    """Most have none."""
    assert without_traceback("no such stack") == "no such stack"


def test_events_are_read_as_the_file_grows_and_half_a_line_is_waited_for(tmp_path: Path) -> None:
    """The engine writes while this reads."""
    file = tmp_path / "events.jsonl"
    first, second = json.dumps({"sequence": 1}), json.dumps({"sequence": 2})
    with file.open("wb+") as log:
        assert list(news(log)) == []
        file.write_text(f"{first}\n{second[:5]}", encoding="utf-8")
        assert list(news(log)) == [{"sequence": 1}]
        file.write_text(f"{first}\n{second}\n", encoding="utf-8")
        assert list(news(log)) == [{"sequence": 2}]


def test_what_was_of_interest_for_a_moment_is_left_out_of_what_is_printed() -> None:
    """A preview with nothing to change began with a page of what each resource had waited for."""
    story = Story()
    waited = {"message": "Waiting for Job to start\n", "severity": "info", "ephemeral": True}
    found = {"message": "using pulumi-resource-random from $PATH at /x", "severity": "warning"}
    for said in (waited, found, {"message": "Two is a lot", "severity": "warning"}):
        story.add({"diagnosticEvent": said})
    printed = (
        "Previewing\n  Waiting for Job to start\nwarning: using pulumi-resource-random from $PATH at /x\n"
        "warning: Two is a lot\nResources:\n    38 unchanged\n"
    )
    assert story.lasting(printed) == "Previewing\nwarning: Two is a lot\nResources:\n    38 unchanged\n"
