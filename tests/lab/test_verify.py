import contextlib
import io
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console

from cli.command import run
from lab.errors import LabError
from lab.node import Record
from lab.paths import state_dir
from lab.toolchain.catalogue import TOOLS
from settings.project import REPO
from tests.support.waiting import eventually
from tests.verify import everything, tier
from tests.verify.__main__ import main

pytestmark = pytest.mark.usefixtures("own_folders")


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every step passes and only notes that it ran; the tests change single ones."""
    ran: list[str] = []
    monkeypatch.setattr("lab.node.Node.record", lambda: None)
    monkeypatch.setattr(everything, "leftovers", lambda _folder: set())
    for name in ("_take_down", "_bring_up"):
        monkeypatch.setattr(everything, name, lambda name=name: _note(ran, name))
    monkeypatch.setattr(everything, "BuildQueue", lambda *_: contextlib.nullcontext())
    monkeypatch.setattr(everything, "_built", lambda _progress, _queue, names: _note(ran, f"built {names[0]}"))
    monkeypatch.setattr(tier, "in_view", lambda _marker, *folders: _note(ran, " ".join(folders)))
    monkeypatch.setattr(tier, "beside", lambda marker, *_options: _beside(ran, marker))
    monkeypatch.setattr(
        tier, "beside_apart", lambda marker, _module, after: _beside(ran, f"{marker} after {after}")
    )
    monkeypatch.setattr(everything, "_keep_logs", lambda _folder, name: _note(ran, f"logs of {name}"))
    # What it sets for its children must not reach other tests.
    monkeypatch.setenv("FAWKES_STATE_DIR", os.environ["FAWKES_STATE_DIR"])
    return ran


def _note(ran: list[str], name: str) -> str:
    ran.append(name)
    return f"{name} said"


@contextlib.contextmanager
def _beside(ran: list[str], name: str) -> Iterator[tier.Beside]:
    ran.append(f"{name} begun")
    yield tier.Beside(lambda: _note(ran, name), pid=7)
    ran.append(f"{name} left")


def failing(*_: object) -> str:
    """Stand for a step that fails."""
    raise LabError("2 failed, 40 passed in 600 s", "Look above.")


def test_everything_runs_in_order_in_a_state_folder_of_its_own(steps: list[str], screen: io.StringIO) -> None:
    """A person's own lab must neither help nor suffer."""
    own = state_dir() / "verify"
    assert everything.verify(Console(file=screen, width=200))
    first = ["_take_down", "built minio", "tools begun", "built kube"]
    lab = ["_bring_up", "simulated after 7 begun", "tests/lab tests/engine", "tools", "tests/cluster"]
    last = ["simulated after 7", "simulated after 7 left", "tools left", "_take_down"]
    assert steps == [*first, *lab, *last]
    assert os.environ["FAWKES_STATE_DIR"] == str(own)
    assert screen.getvalue().count(" passed ") == 10


def test_failed_tests_fail_the_whole_but_the_rest_still_runs(
    steps: list[str], screen: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One run should tell all that is wrong, keep the logs, and still clean up."""
    monkeypatch.setattr(tier, "in_view", failing)
    for name in ("beside", "beside_apart"):
        monkeypatch.setattr(tier, name, lambda *_, **__: contextlib.nullcontext(tier.Beside(failing, pid=7)))
    assert not everything.verify(Console(file=screen, width=200))
    names = ("tests of lab and engine", "tests of the cluster", "tests on simulated nodes and cloud")
    built = ["_take_down", "built minio", "built kube", "_bring_up"]
    assert steps == [*built, *(f"logs of {name}" for name in names), "_take_down"]
    assert "FAILED" in screen.getvalue()
    assert screen.getvalue().count("2 failed, 40 passed in 600 s") == 8


def test_without_a_lab_its_tests_are_not_tried_and_what_came_up_is_taken_down(
    steps: list[str], screen: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hundred failures would hide the one that matters."""
    monkeypatch.setattr(everything, "_bring_up", failing)
    assert not everything.verify(Console(file=screen, width=200))
    first = ["_take_down", "built minio", "tools begun", "built kube", "simulated after 7 begun", "tools"]
    assert steps == [*first, "simulated after 7", "simulated after 7 left", "tools left", "_take_down"]


def test_an_interrupt_still_takes_the_lab_down(
    steps: list[str], screen: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    """CI cancels jobs."""

    def interrupted() -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(everything, "_bring_up", interrupted)
    with pytest.raises(KeyboardInterrupt):
        everything.verify(Console(file=screen))
    assert steps[-1] == "_take_down"


def test_what_is_left_on_the_machine_fails_the_whole_and_is_listed(
    steps: list[str], screen: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was there before is not this lab's."""
    seen = iter([{"route 10.96.0.0/16 dev other"}, {"route 10.96.0.0/16 dev other", "link fawkes0"}])
    monkeypatch.setattr(everything, "leftovers", lambda _folder: next(seen))
    assert not everything.verify(Console(file=screen, width=200))
    assert steps
    assert "The lab left this on the machine:\n  link fawkes0" in screen.getvalue()


def test_another_lab_on_the_machine_is_named_and_not_touched(
    steps: list[str], screen: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It holds somebody's data, or somebody's lesson."""
    other = Record(pid=1, pid_started=1, folder=Path("/home/ada/lab/node"), user="ada", since="now")
    monkeypatch.setattr("lab.node.Node.record", lambda: other)
    with pytest.raises(LabError, match="A lab in /home/ada/lab/node runs") as refusal:
        everything.verify(Console(file=screen))
    assert refusal.value.fix == "Stop it: FAWKES_STATE_DIR=/home/ada/lab make down"
    assert steps == []


@pytest.mark.parametrize("code", [0, 1])
def test_the_exit_code_says_whether_everything_passed(code: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """CI reads nothing else."""
    monkeypatch.setattr(everything, "verify", lambda _out: code == 0)
    assert run(main) == code


def test_pytest_prints_as_it_runs_and_its_closing_line_is_the_result_with_who_validated(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Run for real on a small folder of tests: exit code and closing line are pytest's own."""
    (tmp_path / "test_one.py").write_text(
        "import pytest\n@pytest.mark.tools\ndef test_one(): pass\n", encoding="utf-8"
    )
    (tmp_path / "conftest.py").write_text(
        "def pytest_terminal_summary(terminalreporter):\n"
        "    terminalreporter.write_line('VALIDATED: config by someone')\n",
        encoding="utf-8",
    )
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers =\n  tools\n  engine\n", encoding="utf-8")
    monkeypatch.setattr(tier, "REPO", tmp_path)
    said = tier.in_view("tools")
    assert said.startswith("1 passed in ")
    assert said.endswith("s; VALIDATED: config by someone")
    assert "test_one.py::test_one PASSED" in capsys.readouterr().out
    # No test of a tier at all is no success.
    with pytest.raises(LabError, match="1 deselected"):
        tier.in_view("engine")
    with tier.beside("tools") as tests:
        capsys.readouterr()
        assert tests.finish().startswith("1 passed in ")
    assert "test_one.py::test_one PASSED" in capsys.readouterr().out


def test_every_tool_that_tests_of_the_tools_run_is_built_before_them() -> None:
    """On a machine without caches a test that comes early would fail, and on every other pass."""
    named = re.compile(r"\b(?:tool|built|find)\(\"([a-z0-9-]+)\"\)")
    files = [*(REPO / "tests/tools").glob("*.py"), REPO / "tests/support/tools.py"]
    found = {name for file in files for name in named.findall(file.read_text(encoding="utf-8"))}
    assert found & set(TOOLS) <= set(everything._TESTED_TOOLS)
    assert {"tempo", "otelcol", "kwok", "kube-score"} <= found


def test_a_command_after_a_process_begins_when_that_has_ended() -> None:
    """It has ended before anybody collects its exit code, and may have long before."""
    # Before it is started: on a busy machine it may be half over when we come to look.
    began = time.monotonic()
    with subprocess.Popen(["sleep", "1"]) as process:
        assert _after(process.pid) == "begun\n"
        assert time.monotonic() - began >= 1.0
    assert _after(process.pid) == "begun\n"


def _after(pid: int) -> str:
    command = [sys.executable, "-m", "tests.verify.after", str(pid), "echo", "begun"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_an_interrupt_ends_the_tests_that_run_beside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Otherwise they would go on, and occupy addresses, after `make verify` has ended."""
    (tmp_path / "test_long.py").write_text(
        "import time\n\ndef test_long():\n    open('began', 'w').close()\n    time.sleep(300)\n", encoding="utf-8"
    )
    monkeypatch.setattr(tier, "REPO", tmp_path)

    def interrupted() -> None:
        with tier.beside("not tools"):
            eventually((tmp_path / "began").exists, "the test runs")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
