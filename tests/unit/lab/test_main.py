import re
from collections.abc import Callable

import pytest
from typer.testing import CliRunner

from lab.__main__ import app, main
from lab.errors import LabError
from lab.paths import REPO

pytestmark = pytest.mark.usefixtures("own_folders")


def raising(error: BaseException) -> Callable[[], None]:
    """Return a command that ends so."""

    def run() -> None:
        raise error

    return run


def test_an_error_for_people_is_its_two_sentences_and_exit_code_1(capsys: pytest.CaptureFixture[str]) -> None:
    """A traceback helps whoever wrote this, and nobody else."""
    assert main(raising(LabError("The disk is full.", "Free some of it: make clean"))) == 1
    said = capsys.readouterr()
    assert said.err.split("\n")[1:3] == ["The disk is full.", "Free some of it: make clean"]
    assert said.out == ""


def test_square_brackets_in_an_error_are_printed_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    """Messages quote settings and paths, and `[...]` is the console's markup."""
    main(raising(LabError("Choose one of ['dojo', 'prod'] for [/tmp].", "Set [bold] STACK.")))
    said = capsys.readouterr().err
    assert "['dojo', 'prod'] for [/tmp]." in said
    assert "[bold]" in said


def test_an_interrupt_says_that_the_same_command_goes_on(capsys: pytest.CaptureFixture[str]) -> None:
    """The exit code is the shell's own for Ctrl-C."""
    assert main(raising(KeyboardInterrupt())) == 130
    assert "Run the same command again" in capsys.readouterr().err


def test_every_target_of_the_makefile_that_calls_the_lab_calls_a_command_of_it() -> None:
    """The Makefile is what people type; a renamed command must not be found out there."""
    called = set(re.findall(r"-m lab (\w+)", (REPO / "Makefile").read_text()))
    said = CliRunner().invoke(app, ["--help"]).output
    known = set(re.findall(r"^\W*(\w+) ", said, re.MULTILINE))
    assert called
    assert called <= known


def test_an_unknown_tool_is_refused_with_the_known_ones() -> None:
    """Its names are the catalogue's, not the programs'."""
    ended = CliRunner().invoke(app, ["path", "tempoo"])
    assert isinstance(ended.exception, LabError)
    assert "'tempoo'" in ended.exception.what
    assert "tempo" in ended.exception.fix
