"""Run the `pulumi` command: capture its output in a log, follow its events, and stop it cleanly."""

import contextlib
import os
import shutil
import signal
import subprocess
import textwrap
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from lab.engine.events import Story, news
from lab.engine.violations import by_rule
from lab.errors import LabError

# Interval between reads of the event log: short enough for a live line, and no load.
_POLL_SECONDS = 0.2
# After an interrupt the engine finishes what is under way and saves its state; after this long it is killed.
_INTERRUPT_SECONDS = 60.0
# The longest run seen, all of prod on two busy processors, took 96 s, and an emulated plugin waits at most 10
# minutes for a resource. A longer run waits for what will never come, and so would a CI job.
_RUN_SECONDS = 900.0
# For reading or writing one local file, including the first start of a plugin on a busy machine.
_PLAIN_SECONDS = 180.0


class EngineError(LabError):
    """The engine refused or failed."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """A run that succeeded: number of resources by operation, output, duration, and the engine's event log."""

    changes: Mapping[str, int]
    text: str
    seconds: float
    events: Path


@dataclass(frozen=True, kw_only=True)
class Run:
    """Settings of a run: working directory, environment, folder of its two logs, and time limit."""

    folder: Path
    environment: Mapping[str, str]
    logs: Path
    limit_seconds: float = _RUN_SECONDS

    def plain(self, command: Sequence[str], doing: str, given: str | None = None) -> str:
        """Run a short command and return its output; errors begin with `doing`.

        `given` is its standard input, for secrets, which must not be arguments.
        """
        again = "Repeat it by hand to see more: " + " ".join(command)
        try:
            done = subprocess.run(
                command,
                cwd=self.folder,
                env=self.environment,
                input=given,
                capture_output=True,
                text=True,
                timeout=min(self.limit_seconds, _PLAIN_SECONDS),
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise LabError(f"{doing} did not finish within {error.timeout:.0f} s.", again) from error
        if done.returncode:
            reason = (done.stderr or done.stdout).strip().removeprefix("error: ")
            raise LabError(f"{doing} failed: {reason}", again)
        return done.stdout

    def events(self, name: str) -> Path:
        """Return the event log of the runs of this name, one JSON document a line; the next run overwrites it."""
        return self.logs / f"{name}.events.jsonl"

    def followed(self, command: Sequence[str], name: str, update: Callable[[str], None]) -> Outcome:
        """Run a command that changes a stack, passing its progress to `update`.

        Raises EngineError when it fails, or when it exceeded the time limit and was interrupted.
        """
        log, events = self.logs / f"{name}.log", self.events(name)
        self.logs.mkdir(parents=True, exist_ok=True)
        started, story = time.monotonic(), Story()
        with log.open("wb") as output, events.open("wb+") as said:
            process = self._start([*command, "--event-log", str(events)], output.fileno())
            with ended_with_us(process):
                code = self._follow(process, said, story, update)
        text = log.read_text(encoding="utf-8")
        hint = f"The whole output is in {log}."
        if code is None:
            last = story.line() or "nothing"
            raise EngineError(
                f"The engine did not finish within {self.limit_seconds:.0f} s and was interrupted; its last "
                f"report: {last}.",
                f"{hint} Once what it waited for is there, run this again: it resumes.",
            )
        if code:
            raise EngineError(_failure(story, text), hint)
        seconds = time.monotonic() - started
        return Outcome(changes=story.changes, text=story.lasting(text), seconds=seconds, events=events)

    def _start(self, command: list[str], output: int) -> subprocess.Popen[bytes]:
        # Where there is setpriv, the engine is interrupted even when this process is killed.
        setpriv = shutil.which("setpriv")
        return subprocess.Popen(
            [setpriv, "--pdeathsig", "INT", "--", *command] if setpriv else command,
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            # In a session of its own the engine gets a Ctrl-C once, from us, and not from the terminal.
            start_new_session=True,
        )

    def _follow(
        self, process: subprocess.Popen[bytes], events: BinaryIO, story: Story, update: Callable[[str], None]
    ) -> int | None:
        """Return the exit code; None when the limit has passed and the process was interrupted."""
        deadline = time.monotonic() + self.limit_seconds
        code = None
        while code is None and time.monotonic() < deadline:
            code = _exit_code(process, _POLL_SECONDS)
            for event in news(events):
                before = story.line()
                story.add(event)
                if (line := story.line()) != before:
                    update(line)
        if code is None:
            _interrupt(process)
        return code


@contextlib.contextmanager
def ended_with_us(process: subprocess.Popen[Any]) -> Iterator[None]:
    """Interrupt a process and wait for its end when the block is left by an error or an interrupt."""
    try:
        yield
    except BaseException:
        _interrupt(process)
        raise


def _interrupt(process: subprocess.Popen[Any]) -> None:
    """Pass a Ctrl-C to the leader of a session and wait; kill the whole session after a minute."""
    process.send_signal(signal.SIGINT)
    if _exit_code(process, _INTERRUPT_SECONDS) is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _exit_code(process: subprocess.Popen[Any], seconds: float) -> int | None:
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        return None


def _failure(story: Story, text: str) -> str:
    """Return what a failed run reported: violations of mandatory rules, and everything else that went wrong."""
    refused = textwrap.indent("\n".join(by_rule(story.violations)), "  ")
    parts = [f"The policies refuse this:\n{refused}\n"] if refused else []
    if story.errors or not refused:
        parts.append(f"The engine failed:\n{_reasons(story, text)}\n")
    return "".join(parts)


def _reasons(story: Story, text: str) -> str:
    """Return the diagnostics, each once; without any, the errors at the end of the output."""
    printed = [line for line in text.splitlines() if line.startswith("error: ")]
    reasons = story.errors or printed or [text.strip()[-2000:]]
    return "\n".join(textwrap.indent(reason, "  ") for reason in dict.fromkeys(reasons))
