import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

from lab.progress import Progress

Show = Callable[[], tuple[Progress, io.StringIO]]


@pytest.fixture
def show(tmp_path: Path) -> Show:
    """Make a progress that writes lines, as into a log, and remembers durations in a file of the test's own."""

    def make() -> tuple[Progress, io.StringIO]:
        screen = io.StringIO()
        return Progress(console=Console(file=screen), history_file=tmp_path / "durations.json"), screen

    return make


def test_in_a_log_each_step_has_a_line_at_its_start_and_its_end(show: Show) -> None:
    """CI shows nothing else."""
    progress, screen = show()
    with progress, progress.step("build tempo"):
        pass
    started, ended = screen.getvalue().splitlines()
    assert started == "▶ build tempo"
    assert ended.startswith("✓ build tempo 0.")


def test_what_is_left_is_told_until_nothing_is(show: Show) -> None:
    """It hints at how long it will still take."""
    progress, screen = show()
    with progress:
        progress.plan("one", "two", "three")
        with progress.step("one"):
            pass
        with progress.step("two"):
            pass
        with progress.step("three"):
            pass
    ends = [line for line in screen.getvalue().splitlines() if line.startswith("✓")]
    assert [line.partition(" s")[2] for line in ends] == ["; left: two, three", "; left: three", ""]


def test_a_failed_step_is_marked_and_its_error_goes_on(show: Show) -> None:
    """The step is where to look; the error says what."""
    progress, screen = show()
    with progress, pytest.raises(ValueError, match="broken"), progress.step("link"):
        raise ValueError("broken")
    assert "✗ link" in screen.getvalue()
    assert progress.steps["link"].state == "failed"


def test_the_next_run_says_how_long_a_step_took_but_not_of_a_failed_one(show: Show, tmp_path: Path) -> None:
    """A failure after a second says nothing of the next success."""
    history = tmp_path / "durations.json"
    history.write_text(json.dumps({"build tempo": 240.0, "link": 30.0}), encoding="utf-8")
    progress, screen = show()
    with progress, pytest.raises(ValueError, match="broken"), progress.step("link"):
        raise ValueError("broken")
    with progress, progress.step("build tempo"):
        pass
    assert "▶ build tempo (before: 240 s)" in screen.getvalue()
    remembered = json.loads(history.read_text(encoding="utf-8"))
    assert remembered["link"] == 30.0
    assert remembered["build tempo"] < 240.0


@pytest.mark.parametrize("content", ["", "[1]", '{"build": "soon"}', "\x00"])
def test_a_damaged_history_is_no_reason_to_stop(show: Show, tmp_path: Path, content: str) -> None:
    """It is a courtesy."""
    (tmp_path / "durations.json").write_text(content, encoding="utf-8")
    progress, screen = show()
    with progress, progress.step("build"):
        pass
    assert "✓ build" in screen.getvalue()


def test_a_history_that_cannot_be_written_is_no_reason_to_stop(tmp_path: Path) -> None:
    """A full disk must not end the work."""
    screen = io.StringIO()
    with (
        Progress(console=Console(file=screen), history_file=tmp_path / "no" / "folder.json") as progress,
        progress.step("build"),
    ):
        pass
    assert "✓ build" in screen.getvalue()


def test_on_a_terminal_the_steps_are_a_table_with_what_each_is_doing(tmp_path: Path) -> None:
    """A person watches it change in place."""
    screen = io.StringIO()
    console = Console(file=screen, force_terminal=True, width=100)
    with Progress(console=console, history_file=tmp_path / "durations.json") as progress:
        progress.plan("later")
        with progress.step("deploy") as step:
            step.update("creating StatefulSet tempo")
            shown = _text(progress)
    assert "deploy" in shown
    assert "creating StatefulSet tempo" in shown
    assert "later" in shown


def _text(progress: Progress) -> str:
    console = Console(width=100)
    with console.capture() as capture:
        console.print(progress._table())
    return capture.get()
