"""Runs of a small program in place of pulumi, to test the handling of its output and exit."""

import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from lab.engine.run import EngineError, Run, ended_with_us
from lab.errors import LabError
from tests.support.waiting import eventually

_EVENTS = """
import json, pathlib, sys
log = pathlib.Path(sys.argv[sys.argv.index("--event-log") + 1])
def say(**event):
    with log.open("a") as file: file.write(json.dumps(event) + "\\n")
"""


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """A run in an empty folder."""
    return Run(folder=tmp_path, environment={}, logs=tmp_path / "logs")


def _command(text: str) -> list[str]:
    return [sys.executable, "-c", _EVENTS + text]


def test_a_followed_run_counts_and_keeps_what_was_printed(run: Run, tmp_path: Path) -> None:
    """The printed text is what `preview` shows to a reviewer."""
    told: list[str] = []
    urn = "urn:pulumi:s::p::kubernetes:core/v1:Secret::keys"
    command = _command(
        f"say(resourcePreEvent=dict(metadata=dict(op='create', urn='{urn}', type='kubernetes:core/v1:Secret')))\n"
        "say(summaryEvent=dict(resourceChanges=dict(create=1, same=4)))\n"
        "print('Resources:')"
    )
    outcome = run.followed(command, "dojo-up", told.append)
    assert outcome.changes == {"create": 1, "same": 4}
    assert outcome.text == (tmp_path / "logs" / "dojo-up.log").read_text(encoding="utf-8") == "Resources:\n"
    assert told == ["creating Secret keys, 0 done"]
    assert outcome.events == run.events("dojo-up")
    assert "summaryEvent" in outcome.events.read_text(encoding="utf-8")


def test_every_resource_is_told_also_when_several_come_at_once(run: Run) -> None:
    """A caller that waits for one of them, as the tests of interruptions do, must not miss it."""
    told: list[str] = []
    run.followed(
        _command(
            "steps = [dict(op='create', type='t', urn=f'urn:pulumi:s::p::t::{name}') for name in 'abc']\n"
            "lines = [json.dumps(dict(resourcePreEvent=dict(metadata=step))) for step in steps]\n"
            "log.write_text('\\n'.join([*lines, '']))"
        ),
        "dojo-up",
        told.append,
    )
    assert [line.split(",")[0] for line in told] == ["creating t a", "creating t b", "creating t c"]


def test_a_failed_run_raises_its_diagnostics_once_each(run: Run, tmp_path: Path) -> None:
    """And the error names the log with the rest."""
    command = _command(
        "for _ in range(2): say(diagnosticEvent=dict(severity='error', message='no bucket\\nat all'))\n"
        "sys.exit(255)"
    )
    with pytest.raises(EngineError) as caught:
        run.followed(command, "dojo-up", lambda _: None)
    assert caught.value.what.splitlines() == ["The engine failed:", "  no bucket", "  at all"]
    assert str(tmp_path / "logs" / "dojo-up.log") in caught.value.fix


def test_a_refused_run_says_which_policies_refuse_what(run: Run) -> None:
    """Without the noise around it, and without what is only advice."""
    command = _command(
        "broken = dict(policyName='own-key', message='Keys are own.\\nIts key is not.')\n"
        "broken['enforcementLevel'] = 'mandatory'\n"
        "say(policyEvent=broken)\n"
        "say(policyEvent=broken | dict(policyName='advice', enforcementLevel='advisory'))\n"
        "say(diagnosticEvent=dict(severity='error', message='preview failed'))\n"
        "print('error: preview failed'); sys.exit(255)"
    )
    with pytest.raises(EngineError) as caught:
        run.followed(command, "dojo-preview", lambda _: None)
    assert caught.value.what.splitlines() == [
        "The policies refuse this:",
        "  own-key: Keys are own.",
        "    Its key is not.",
    ]


def test_a_run_that_both_is_refused_and_fails_says_both(run: Run) -> None:
    """One of them may be the reason of the other."""
    command = _command(
        "say(policyEvent=dict(policyName='own-key', message='a\\nb', enforcementLevel='mandatory'))\n"
        "say(diagnosticEvent=dict(severity='error', message='no bucket'))\n"
        "sys.exit(255)"
    )
    with pytest.raises(EngineError, match=r"(?s)policies refuse this:.*b\n.*engine failed:\n  no bucket"):
        run.followed(command, "dojo-preview", lambda _: None)


def test_a_run_that_fails_before_its_first_event_says_what_it_printed(run: Run) -> None:
    """As when the language host is missing."""
    command = _command("print('Previewing'); print('error: no language plugin'); sys.exit(1)")
    with pytest.raises(EngineError, match="error: no language plugin"):
        run.followed(command, "dojo-preview", lambda _: None)


def test_events_of_the_run_before_are_not_told_again(run: Run) -> None:
    """The log has the same name each time."""
    run.followed(_command("say(summaryEvent=dict(resourceChanges=dict(create=1)))"), "dojo-up", lambda _: None)
    assert run.followed(_command(""), "dojo-up", lambda _: None).changes == {}


def test_an_interrupt_is_passed_on_and_waited_for(run: Run, tmp_path: Path) -> None:
    """The engine must get the time to save its state."""
    text = (
        "import signal, threading\n"
        "done = threading.Event()\n"
        "signal.signal(signal.SIGINT, lambda *_: done.set())\n"
        "say(diagnosticEvent=dict(severity='info', message='waiting', ephemeral=True))\n"
        "done.wait(60)\n"
        "pathlib.Path('saved').touch()\n"
    )

    def interrupt(_: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run.followed(_command(text), "dojo-up", interrupt)
    assert (tmp_path / "saved").exists()


def test_a_plain_command_returns_its_output_and_fails_in_a_sentence(run: Run) -> None:
    """The command's own prefix would be repeated."""
    assert run.plain([sys.executable, "-c", "print('x')"], "Reading") == "x\n"
    with pytest.raises(LabError, match="Reading the state failed: no such stack") as caught:
        run.plain([sys.executable, "-c", "import sys; sys.exit('error: no such stack')"], "Reading the state")
    assert sys.executable in caught.value.fix


def test_two_runs_do_not_share_a_session(run: Run) -> None:
    """A Ctrl-C in the terminal must reach the engine once, from here."""
    text = "import os\nprint(os.getsid(0) == os.getpid())"
    seen: list[str] = []
    threads = [
        threading.Thread(
            target=lambda name=name: seen.append(run.followed(_command(text), name, lambda _: None).text)
        )
        for name in ("a", "b")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == ["True\n", "True\n"]


# Waits for an interrupt for longer than any test does, and says in a file that it came.
_WAITS = (
    "import signal, threading\n"
    "done = threading.Event()\n"
    "signal.signal(signal.SIGINT, lambda *_: done.set())\n"
    "pathlib.Path('waits').write_text(str(__import__('os').getpid()))\n"
    "done.wait(60)\n"
    "pathlib.Path('saved').touch()\n"
)


def test_a_run_that_does_not_end_is_interrupted_and_says_what_it_waited_for(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A CI job that waits for ever reports nothing."""
    urn = "urn:pulumi:s::p::kubernetes:apps/v1:StatefulSet::gateway-server"
    step = f"dict(op='create', urn='{urn}', type='kubernetes:apps/v1:StatefulSet')"
    command = _command(f"say(resourcePreEvent=dict(metadata={step}))\n" + _WAITS)
    told: list[str] = []

    def clock() -> float:
        """Stand still until the process waits, however slow this machine is."""
        return 1000.0 if told and (tmp_path / "waits").exists() else 0.0

    monkeypatch.setattr("lab.engine.run.time", SimpleNamespace(monotonic=clock))
    with pytest.raises(EngineError) as caught:
        run.followed(command, "dojo-up", told.append)
    assert "did not finish within 900 s" in caught.value.what
    assert "creating StatefulSet gateway-server, 0 done" in caught.value.what
    assert str(tmp_path / "logs" / "dojo-up.log") in caught.value.fix
    assert (tmp_path / "saved").exists()


def test_a_plain_command_that_does_not_end_is_ended(run: Run) -> None:
    """Even reading the state starts plugins, which may hang."""
    with pytest.raises(LabError, match="Reading the state did not finish within 1 s"):
        replace(run, limit_seconds=1.0).plain([sys.executable, "-c", _WAITS_ALONE], "Reading the state")


_WAITS_ALONE = "import time\ntime.sleep(60)"


def test_the_engine_ends_in_order_when_the_one_who_started_it_is_killed(run: Run, tmp_path: Path) -> None:
    """A killed CI job must leave no engine behind that continues to change a cluster."""
    script = (
        "import sys\nfrom pathlib import Path\nfrom lab.engine.run import Run\n"
        f"run = Run(folder=Path({str(tmp_path)!r}), environment={{}}, logs=Path({str(tmp_path / 'logs')!r}))\n"
        f"run.followed({_command(_WAITS)!r}, 'dojo-up', lambda _: None)\n"
    )
    with subprocess.Popen([sys.executable, "-c", script]) as starter:
        assert run.folder == tmp_path
        eventually((tmp_path / "waits").exists, "the process waits", 20)
        starter.kill()
    eventually((tmp_path / "saved").exists, "the process has saved its state", 20)


def test_what_is_left_by_an_error_ends_the_process_and_what_is_not_leaves_it_alone(tmp_path: Path) -> None:
    """Tests that a person interrupts must not continue in the background."""
    with subprocess.Popen(
        [*_command(_WAITS), "--event-log", "events"], cwd=tmp_path, start_new_session=True
    ) as process:
        eventually((tmp_path / "waits").exists, "the process waits", 20)
        with ended_with_us(process):
            pass
        assert process.poll() is None
        with pytest.raises(KeyboardInterrupt), ended_with_us(process):
            raise KeyboardInterrupt
        assert process.returncode == 0
    assert (tmp_path / "saved").exists()
