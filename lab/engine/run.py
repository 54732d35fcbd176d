"""One run of the `pulumi` command: its output into a log, its events into a story, its end in order."""

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
from typing import Any

from lab.engine.events import EventFile, Story
from lab.errors import LabError

# How often the event log is looked at: often enough for a live line, and no load.
_LOOK_SECONDS = 0.2
# After an interrupt the engine ends what is under way and saves its state; then it is killed.
_INTERRUPT_SECONDS = 60.0
# The longest run seen, all of prod on two processors that did other work, took 96 s, and a stand-in awaits no
# resource for longer than 10 minutes: what takes longer waits for what will never come, and so would a CI job.
_RUN_SECONDS = 900.0
# Reading or writing one local file; the first start of a plugin on a busy machine included.
_PLAIN_SECONDS = 180.0


class EngineError(LabError):
    """The engine refused or failed; `story` has its diagnostics one by one."""

    def __init__(self, what: str, fix: str, story: Story) -> None:
        """Keep the story for callers that look closer."""
        super().__init__(what, fix)
        self.story = story


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """A run that succeeded: what it counted (by operation), warned of and printed, and how long it took."""

    changes: Mapping[str, int]
    warnings: Sequence[str]
    text: str
    seconds: float

    @property
    def changed(self) -> int:
        """The number of resources that were (or would be) touched."""
        return sum(count for operation, count in self.changes.items() if operation not in {"same", "read"})


@dataclass(frozen=True, kw_only=True)
class Run:
    """How to run the command: where, with what environment, where its two logs go, and for how long at most."""

    folder: Path
    environment: Mapping[str, str]
    logs: Path
    limit_seconds: float = _RUN_SECONDS

    def plain(self, command: Sequence[str], doing: str, given: str | None = None) -> str:
        """Run a short command and return what it printed; `doing` says what failed if it fails.

        `given` is what it reads: the way for a secret, which must not be an argument.
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
            raise LabError(f"{doing} had not ended after {error.timeout:.0f} s.", again) from error
        if done.returncode:
            said = (done.stderr or done.stdout).strip().removeprefix("error: ")
            raise LabError(f"{doing} failed: {said}", again)
        return done.stdout

    def followed(self, command: Sequence[str], name: str, update: Callable[[str], None]) -> Outcome:
        """Run a command that changes a stack, telling `update` what it is doing.

        Raise `EngineError` when it fails, or when it has not ended in time and was interrupted.
        """
        log, events = self.logs / f"{name}.log", self.logs / f"{name}.events.jsonl"
        self.logs.mkdir(parents=True, exist_ok=True)
        events.unlink(missing_ok=True)
        started, story = time.monotonic(), Story()
        with log.open("w", encoding="utf-8") as output:
            process = self._start([*command, "--event-log", str(events)], output.fileno())
            with ended_with_us(process):
                code = self._follow(process, EventFile(events), story, update)
        if code is None:
            raise _endless(story, self.limit_seconds, log)
        text = log.read_text(encoding="utf-8")
        if code:
            raise _error(story, text, log)
        return Outcome(
            changes=story.changes,
            warnings=story.warnings,
            text=story.lasting(text),
            seconds=time.monotonic() - started,
        )

    def _start(self, command: list[str], output: int) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [*_bound(), *command],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            # A session of its own: a Ctrl-C is then ours to pass on, once, and not the terminal's.
            start_new_session=True,
        )

    def _follow(
        self, process: subprocess.Popen[bytes], events: EventFile, story: Story, update: Callable[[str], None]
    ) -> int | None:
        """Return the exit code; None when the limit has passed, with the process interrupted and ended."""
        deadline = time.monotonic() + self.limit_seconds
        code = None
        while code is None and time.monotonic() < deadline:
            code = _wait(process, _LOOK_SECONDS)
            _tell(events, story, update)
        if code is None:
            interrupt(process)
        return code


@contextlib.contextmanager
def ended_with_us(process: subprocess.Popen[Any]) -> Iterator[None]:
    """Interrupt a process, and wait for its end, when the block is left by an error or an interrupt."""
    try:
        yield
    except BaseException:
        interrupt(process)
        raise


def interrupt(process: subprocess.Popen[Any]) -> None:
    """Pass a Ctrl-C on to the leader of a session and wait; kill all of its session after a minute."""
    process.send_signal(signal.SIGINT)
    if _wait(process, _INTERRUPT_SECONDS) is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _bound() -> tuple[str, ...]:
    """Return what makes the engine end in order even when this process is killed and can pass nothing on."""
    setpriv = shutil.which("setpriv")
    return (setpriv, "--pdeathsig", "INT", "--") if setpriv else ()


def _wait(process: subprocess.Popen[Any], seconds: float) -> int | None:
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        return None


def _tell(events: EventFile, story: Story, update: Callable[[str], None]) -> None:
    for event in events.news():
        before = story.line()
        story.add(event)
        if (line := story.line()) != before:
            update(line)


def _error(story: Story, text: str, log: Path) -> EngineError:
    said = [*story.violations, *story.errors] or [_last_error(text)]
    lines = "\n".join(textwrap.indent(text, "  ") for text in dict.fromkeys(said))
    return EngineError(f"The engine failed:\n{lines}\n", f"The whole output is in {log}.", story)


def _endless(story: Story, seconds: float, log: Path) -> EngineError:
    last = story.line() or "nothing"
    return EngineError(
        f"The engine had not ended after {seconds:.0f} s and was interrupted; the last it said: {last}.",
        f"The whole output is in {log}. Once what it waited for is there, run this again: it goes on.",
        story,
    )


def _last_error(text: str) -> str:
    """Find what the command printed when it failed before its first event."""
    errors = [line for line in text.splitlines() if line.startswith("error: ")]
    return "\n".join(errors) if errors else text.strip()[-2000:]
