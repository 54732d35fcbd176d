"""Run for real: what a command line says and how it ends is what the shell sees."""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

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
    """`| head -1` is no error that anybody wants to read of."""
    pipe = closed_pipe()
    assert started(arguments, pipe) == (-signal.SIGPIPE, "")
    os.close(pipe)


def test_a_full_disk_below_the_output_is_two_sentences() -> None:
    """Python itself would say so in a traceback, at the very end, or not at all."""
    with Path("/dev/full").open("wb") as full:
        code, told = started(["cli", "schema"], full.fileno())
    assert code == 1
    assert told.splitlines() == [
        "A file cannot be written: No space left on device.",
        "Free space there, then run this again.",
    ]


@pytest.mark.parametrize("locale", [ASCII, ASCII | {"LC_ALL": "POSIX"}, ASCII | {"PYTHONIOENCODING": "latin-1"}])
def test_no_locale_keeps_a_command_from_printing(locale: dict[str, str]) -> None:
    """A file's name may hold any byte, and messages hold an ellipsis."""
    for arguments in (["cli", "schema"], ["settings", "check", DOJO], ["cli", "cost", "\udcff….yaml"]):
        code, told = started(arguments, subprocess.DEVNULL, locale)
        assert "Traceback" not in told
        assert code == (1 if "cost" in arguments else 0)


def test_in_the_c_locale_the_schema_is_the_committed_file(tmp_path: Path) -> None:
    """`make schema` writes it by the shell."""
    file = tmp_path / "schema.json"
    with file.open("wb") as out:
        assert started(["cli", "schema"], out.fileno(), ASCII) == (0, "")
    assert file.read_bytes() == (REPO / "schemas" / "stack.schema.json").read_bytes()


def test_an_interrupt_is_a_word_and_the_shells_code(capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted() -> int:
        raise KeyboardInterrupt

    assert run(interrupted) == 130
    assert capsys.readouterr().err == "\nInterrupted.\n"


def test_a_mistake_of_the_programs_own_keeps_its_traceback() -> None:
    """Whoever mends it needs it; neither is what some library calls an OSError a refused file."""

    def wrong() -> int:
        raise ConnectionError("the other end said no")

    with pytest.raises(ConnectionError):
        run(wrong)


def test_a_refused_place_is_named_with_its_owner_and_who_asks(tmp_path: Path) -> None:
    what, fix = refusal_of_the_system(PermissionError(13, "Permission denied", str(tmp_path / "not" / "there")))
    assert what.startswith(f"{tmp_path}/not/there cannot be used: Permission denied; {tmp_path} belongs to ")
    assert "owner or mode" in fix


def test_a_read_only_disk_is_nobodys_fault(tmp_path: Path) -> None:
    """Root owns it and asks, and may still not write."""
    what, fix = refusal_of_the_system(OSError(30, "Read-only file system", str(tmp_path)))
    assert what == f"{tmp_path} cannot be used: Read-only file system."
    assert "owner" not in fix
