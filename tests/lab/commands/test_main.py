import errno
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from lab.commands.app import app, env, run_command
from lab.errors import LabError
from lab.target.target import Target
from settings.project import REPO

pytestmark = pytest.mark.usefixtures("own_folders")


def raising(error: BaseException) -> Callable[[], None]:
    """Return a command that raises this."""

    def run() -> None:
        raise error

    return run


def test_an_error_for_people_is_its_two_sentences_and_exit_code_1(capsys: pytest.CaptureFixture[str]) -> None:
    """A traceback helps whoever wrote this, and nobody else."""
    assert run_command(raising(LabError("The disk is full.", "Free some of it: make clean"))) == 1
    said = capsys.readouterr()
    assert said.err.split("\n")[1:3] == ["The disk is full.", "Free some of it: make clean"]
    assert said.out == ""


def test_square_brackets_in_an_error_are_printed_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    """Messages quote settings and paths, and `[...]` is the console's markup."""
    run_command(raising(LabError("Choose one of ['dojo', 'prod'] for [/tmp].", "Set [bold] STACK.")))
    said = capsys.readouterr().err
    assert "['dojo', 'prod'] for [/tmp]." in said
    assert "[bold]" in said


def test_a_command_in_an_error_is_one_line_to_copy(capsys: pytest.CaptureFixture[str]) -> None:
    """Broken at the width of the screen, a folder's name would be another one."""
    fix = f"End it: FAWKES_STATE_DIR=/{'very/' * 40}deep make down"
    run_command(raising(LabError("Another lab runs.", fix)))
    assert fix in capsys.readouterr().err.splitlines()


def interrupted_command() -> None:
    """Run a command line whose command is interrupted, as Ctrl-C in a terminal does."""
    commands = typer.Typer()
    commands.command()(raising(KeyboardInterrupt()))
    commands([])


@pytest.mark.parametrize("run", [raising(KeyboardInterrupt()), interrupted_command])
def test_an_interrupt_says_that_the_same_command_resumes(
    run: Callable[[], None], capsys: pytest.CaptureFixture[str]
) -> None:
    """The exit code is the shell's own for Ctrl-C."""
    assert run_command(run) == 130
    assert "Run the same command again" in capsys.readouterr().err


def test_what_the_system_refuses_is_two_sentences_wherever_it_happens(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The last line of defence: nobody foresees every file."""
    assert run_command(lambda: print((tmp_path / "gone").read_text(encoding="utf-8"))) == 1
    said = capsys.readouterr().err
    assert f"{tmp_path}/gone cannot be used: No such file or directory." in said


def test_a_full_disk_is_said_even_when_the_system_names_no_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(raising(OSError(errno.ENOSPC, "No space left on device"))) == 1
    said = capsys.readouterr().err
    assert "No space left on device" in said
    assert "FAWKES_CACHE_DIR" in said


@pytest.mark.parametrize("error", [TypeError("no"), KeyError("no"), ConnectionError("no")])
def test_a_mistake_of_the_labs_own_keeps_its_traceback(error: Exception) -> None:
    """Whoever mends it needs it."""
    with pytest.raises(type(error)):
        run_command(raising(error))


def test_a_reader_that_went_away_ends_a_look_quietly() -> None:
    """`make logs | head -1`; the console itself would end with the code of an error."""
    program = (
        "import sys; from lab.commands import app as commands; from cli.command import run; "
        "lines = lambda: [commands.OUTPUT.print('line') for _ in range(100_000)]; "
        "sys.exit(run(lambda: commands.run_command(lines)))"
    )
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=REPO, stdout=writing, stderr=subprocess.PIPE, check=False
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (-signal.SIGPIPE, b"")


def test_an_interrupt_while_the_lab_is_loaded_is_a_sentence_too() -> None:
    """Ctrl-C comes most often in the first second, when it was the wrong command."""
    program = (
        "import runpy, sys\n"
        "class Interrupted:\n"
        "    def find_spec(self, name, *_):\n"
        "        if name == 'lab.commands.app': raise KeyboardInterrupt\n"
        "sys.meta_path.insert(0, Interrupted())\n"
        "runpy.run_module('lab', run_name='__main__')\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=REPO, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "\nInterrupted.\n")


def test_any_other_exit_code_of_a_command_is_kept() -> None:
    with pytest.raises(SystemExit) as ended:
        run_command(lambda: sys.exit(3))
    assert ended.value.code == 3


def test_every_target_of_the_makefile_that_calls_the_lab_calls_a_command_of_it() -> None:
    """The Makefile is what people type; a renamed command must not be found out there."""
    called = set(re.findall(r"-m lab (\w+)", (REPO / "Makefile").read_text(encoding="utf-8")))
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


@pytest.mark.parametrize("command", ["up", "preview"])
def test_an_unknown_target_is_refused_with_the_known_one(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The name is a common one: a shell may have it set for something else."""
    monkeypatch.setenv("TARGET", "x86_64-unknown-linux-gnu")
    ended = CliRunner().invoke(app, [command])
    assert isinstance(ended.exception, LabError)
    assert "'x86_64-unknown-linux-gnu'; allowed are nothing and 'simulated'" in ended.exception.what


@pytest.mark.parametrize("name", ["simulated", "engine"])
def test_the_target_of_the_makefile_reaches_the_lab(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """`make up STACK=prod TARGET=simulated` passes both in the environment; `engine` is the older name."""
    asked: list[str] = []

    def start(stack: str, _progress: object, _approved: object) -> None:
        asked.append(stack)
        raise LabError("Only this far.", "")

    monkeypatch.setattr("lab.commands.app.up_simulated", start)
    ended = CliRunner().invoke(app, ["up"], env={"STACK": "prod", "TARGET": name})
    assert asked == ["prod"]
    older = "TARGET=engine is the older name of TARGET=simulated.\n"
    assert (older in ended.output) == (name == "engine")
    assert "export STACK TARGET" in (REPO / "Makefile").read_text(encoding="utf-8").splitlines()


def test_env_prints_lines_for_a_shell(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """They are evaluated, so a space in a folder's name must not end a word."""
    target = Target(Path("/home/ada b/kubeconfig"), Path("/engine"), None)
    monkeypatch.setattr("lab.commands.app.current", lambda: target)
    env()
    assert capsys.readouterr().out == "export KUBECONFIG='/home/ada b/kubeconfig'\n"
