"""Command lines run as processes: what the shell sees of their output and exit code."""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from cli.app import main
from cli.command import refusal_of_the_system, run
from settings.project import REPO

DOJO = "Pulumi.dojo.yaml"
# Far more than a pipe holds, so that a command is still writing when its reader goes.
MANY = [DOJO] * 200
ASCII = {"LC_ALL": "C", "PYTHONUTF8": "0"}


def started(arguments: Sequence[str], stdout: int, environment: dict[str, str] | None = None) -> tuple[int, str]:
    """Run a module of the project; return its exit code (negative: a signal) and its standard error."""
    done = subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=REPO,
        env={**os.environ, **(environment or {})},
        stdout=stdout,
        stderr=subprocess.PIPE,
        check=False,
        timeout=120,
    )
    return done.returncode, done.stderr.decode()


def closed_pipe() -> int:
    """Return the writing end of a pipe whose reader has gone."""
    reading, writing = os.pipe()
    os.close(reading)
    return writing


@pytest.mark.parametrize(
    "arguments",
    [
        ("cli", "schema"),
        ("cli", "check", DOJO),
        ("cli", "cost", *MANY),
        ("cli", "record"),
    ],
    ids=lambda arguments: " ".join(arguments[:2]),
)
def test_a_reader_that_went_away_ends_a_command_as_it_ends_other_programs(arguments: tuple[str, ...]) -> None:
    """`| head -1` is not an error to report."""
    pipe = closed_pipe()
    assert started(arguments, pipe) == (-signal.SIGPIPE, "")
    os.close(pipe)


def test_a_full_disk_below_the_output_is_two_sentences() -> None:
    """Python itself would report it at exit in a traceback, or not at all."""
    with Path("/dev/full").open("wb") as full:
        code, told = started(["cli", "schema"], full.fileno())
    assert code == 1
    assert told.splitlines() == [
        "A file cannot be written: No space left on device.",
        "Free space there, then run this again.",
    ]


@pytest.mark.parametrize("locale", [ASCII, ASCII | {"LC_ALL": "POSIX"}, ASCII | {"PYTHONIOENCODING": "latin-1"}])
def test_no_locale_keeps_a_command_from_printing(locale: dict[str, str]) -> None:
    """A file name may contain any byte, and messages contain an ellipsis."""
    for arguments in (["cli", "schema"], ["settings", "check", DOJO], ["cli", "cost", "\udcff….yaml"]):
        code, told = started(arguments, subprocess.DEVNULL, locale)
        assert "Traceback" not in told
        assert code == (1 if "cost" in arguments else 0)


def test_in_the_c_locale_the_schema_is_the_committed_file(tmp_path: Path) -> None:
    """`make schema` redirects the output to the file."""
    file = tmp_path / "schema.json"
    with file.open("wb") as out:
        assert started(["cli", "schema"], out.fileno(), ASCII) == (0, "")
    assert file.read_bytes() == (REPO / "schemas" / "stack.schema.json").read_bytes()


def test_an_interrupt_is_a_word_and_the_shells_code(capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted() -> int:
        raise KeyboardInterrupt

    assert run(interrupted) == 130
    assert capsys.readouterr().err == "\nInterrupted.\n"


@pytest.mark.parametrize("module", ["cli", "settings"])
def test_an_interrupt_while_modules_are_loaded_is_a_sentence_too(module: str) -> None:
    """Ctrl-C comes most often in the first second, after a mistyped command."""
    program = (
        "import runpy, sys\n"
        "class Interrupted:\n"
        "    def find_spec(self, name, *_):\n"
        "        if name == 'cli.app': raise KeyboardInterrupt\n"
        "sys.meta_path.insert(0, Interrupted())\n"
        f"runpy.run_module('{module}', run_name='__main__')\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=REPO, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "\nInterrupted.\n")


def test_the_older_name_of_the_command_line_still_checks() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "settings", "check", DOJO], cwd=REPO, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{DOJO}: accepted\n", "")


def test_stack_files_are_checked_without_pulumi() -> None:
    """A second for the SDKs would be most of the time, and an editor or a hook needs neither."""
    program = (
        "import sys\n"
        "from cli.app import main\n"
        f"code = main(['check', '{DOJO}'])\n"
        "sys.exit(code or sorted(name for name in sys.modules if name.startswith('pulumi')) or 0)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=REPO, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("command", ["", "check", "schema", "cost", "snapshot", "record", "documents"])
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*command.split(), "--help"])
    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith(f"usage: python -m cli {command}".strip())


def test_a_mistake_of_the_programs_own_keeps_its_traceback() -> None:
    """Whoever fixes it needs it. Libraries also raise OSErrors that are no refused file."""

    def wrong() -> int:
        raise ConnectionError("the other end said no")

    with pytest.raises(ConnectionError):
        run(wrong)


def test_a_refused_place_is_named_with_its_owner_and_who_asks(tmp_path: Path) -> None:
    what, fix = refusal_of_the_system(PermissionError(13, "Permission denied", str(tmp_path / "not" / "there")))
    assert what.startswith(f"{tmp_path}/not/there cannot be used: Permission denied; {tmp_path} belongs to ")
    assert "owner or mode" in fix


def test_a_read_only_disk_is_nobodys_fault(tmp_path: Path) -> None:
    """Root owns it, runs the command and still may not write."""
    what, fix = refusal_of_the_system(OSError(30, "Read-only file system", str(tmp_path)))
    assert what == f"{tmp_path} cannot be used: Read-only file system."
    assert "owner" not in fix
