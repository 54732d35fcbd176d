"""One run of the `pulumi` command: its output into a log, its events into a story, its end in order."""

import os
import signal
import subprocess
import textwrap
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lab.engine_events import EventFile, Story
from lab.errors import LabError

# How often the event log is looked at: often enough for a live line, and no load.
_LOOK_SECONDS = 0.2
# After an interrupt the engine ends what is under way and saves its state; then it is killed.
_INTERRUPT_SECONDS = 60.0


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
    """How to run the command: where, with what environment, and where its two logs go."""

    folder: Path
    environment: Mapping[str, str]
    logs: Path

    def plain(self, command: Sequence[str], doing: str, given: str | None = None) -> str:
        """Run a short command and return what it printed; `doing` says what failed if it fails.

        `given` is what it reads: the way for a secret, which must not be an argument.
        """
        done = subprocess.run(
            command,
            cwd=self.folder,
            env=self.environment,
            input=given,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            said = (done.stderr or done.stdout).strip().removeprefix("error: ")
            raise LabError(f"{doing} failed: {said}", "Repeat it by hand to see more: " + " ".join(command))
        return done.stdout

    def followed(self, command: Sequence[str], name: str, update: Callable[[str], None]) -> Outcome:
        """Run a command that changes a stack, telling `update` what it is doing. Raise `EngineError`."""
        log, events = self.logs / f"{name}.log", self.logs / f"{name}.events.jsonl"
        self.logs.mkdir(parents=True, exist_ok=True)
        events.unlink(missing_ok=True)
        started, story = time.monotonic(), Story()
        with log.open("w") as output:
            code = self._follow([*command, "--event-log", str(events)], output.fileno(), (events, story), update)
        text = log.read_text()
        if code:
            raise _error(story, text, log)
        return Outcome(
            changes=story.changes,
            warnings=story.warnings,
            text=text,
            seconds=time.monotonic() - started,
        )

    def _follow(
        self, command: list[str], output: int, told: tuple[Path, Story], update: Callable[[str], None]
    ) -> int:
        events, story = EventFile(told[0]), told[1]
        # A session of its own: a Ctrl-C is then ours to pass on, once, and not the terminal's.
        process = subprocess.Popen(
            command,
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            code = None
            while code is None:
                code = _wait(process, _LOOK_SECONDS)
                _tell(events, story, update)
        except BaseException:
            _interrupt(process)
            raise
        return code


def _wait(process: subprocess.Popen[bytes], seconds: float) -> int | None:
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        return None


def _tell(events: EventFile, story: Story, update: Callable[[str], None]) -> None:
    before = story.line()
    for event in events.news():
        story.add(event)
    if (line := story.line()) != before:
        update(line)


def _interrupt(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGINT)
    if _wait(process, _INTERRUPT_SECONDS) is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _error(story: Story, text: str, log: Path) -> EngineError:
    said = [*story.violations, *story.errors] or [_last_error(text)]
    lines = "\n".join(textwrap.indent(text, "  ") for text in dict.fromkeys(said))
    return EngineError(f"The engine failed:\n{lines}\n", f"The whole output is in {log}.", story)


def _last_error(text: str) -> str:
    """Find what the command printed when it failed before its first event."""
    errors = [line for line in text.splitlines() if line.startswith("error: ")]
    return "\n".join(errors) if errors else text.strip()[-2000:]
