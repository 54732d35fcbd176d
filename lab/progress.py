"""Show which step runs, how long it took in the last run, and which steps are left.

On a terminal the steps are a live table; elsewhere (CI, a log file) each start and end is a line.
The durations are kept in the cache for the next run.
"""

import contextlib
import json
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Self

from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from lab.paths import own_cache

State = Literal["waiting", "running", "done", "failed"]
_MARK = {"waiting": "·", "running": "[cyan]▶[/]", "done": "[green]✓[/]", "failed": "[red]✗[/]"}
# In a log, the running steps are reported again this often: a CI log must not look stuck.
_HEARTBEAT_SECONDS = 60.0


@dataclass
class Step:
    """A named part of a command's work; `detail` is what it is doing."""

    name: str
    state: State = "waiting"
    detail: str = ""
    started: float = 0.0
    seconds: float = 0.0

    def update(self, detail: str) -> None:
        """Show in a few words what the step is doing now."""
        self.detail = detail

    def elapsed(self) -> float:
        """Return the seconds since the start, or the duration of a finished step."""
        return time.monotonic() - self.started if self.state == "running" else self.seconds


@dataclass
class Progress:
    """Shows the steps of one command; safe to use from several threads.

    Usage: `with Progress() as progress: with progress.step("build tempo") as step: step.update("linking")`.
    `plan(...)` lists steps in advance.
    """

    console: Console = field(default_factory=lambda: Console(file=sys.stderr))
    history_file: Path = field(default_factory=lambda: own_cache().path / "fawkes-durations.json")
    steps: dict[str, Step] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _live: Live | None = None
    _stop: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        """Start the live table, or the reports of long steps in a log."""
        self._before = self._load()
        if self.console.is_terminal:
            self._live = Live(get_renderable=self._table, console=self.console, refresh_per_second=4)
            self._live.__enter__()
        else:
            threading.Thread(target=self._heartbeat, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop the live table or the reports."""
        self._stop.set()
        if self._live:
            self._live.__exit__(None, None, None)

    def plan(self, *names: str) -> None:
        """List steps that will run later."""
        with self._lock:
            for name in names:
                self.steps.setdefault(name, Step(name))

    @contextlib.contextmanager
    def step(self, name: str) -> Iterator[Step]:
        """Run one step; an exception marks it failed and propagates."""
        with self._lock:
            step = self.steps.setdefault(name, Step(name))
            step.state, step.started = "running", time.monotonic()
        self._line(f"▶ {name}{self._expected(name)}")
        state: State = "failed"
        try:
            yield step
            state = "done"
        finally:
            step.seconds = step.elapsed()
            step.state = state
            if state == "done":
                self._save(step)
            waiting = ", ".join(other.name for other in self.steps.values() if other.state == "waiting")
            left = f"; left: {waiting}" if waiting else ""
            self._line(f"{'✓' if state == 'done' else '✗'} {name} {step.seconds:.1f} s{left}")

    def note(self, text: str) -> None:
        """Print a line that stays."""
        self.console.print(text, markup=False, highlight=False)

    def _line(self, text: str) -> None:
        if not self._live:
            self.console.print(text, markup=False, highlight=False, soft_wrap=True)

    def _expected(self, name: str) -> str:
        before = self._before.get(name)
        return f" (before: {before:.0f} s)" if before else ""

    def _table(self) -> Table:
        table = Table.grid(padding=(0, 2))
        for step in list(self.steps.values()):
            seconds = f"{step.elapsed():.0f} s" if step.state != "waiting" else ""
            before = self._expected(step.name).strip()
            table.add_row(_MARK[step.state], step.name, seconds, before, Text(step.detail))
        return table

    def _heartbeat(self) -> None:
        while not self._stop.wait(_HEARTBEAT_SECONDS):
            for step in list(self.steps.values()):
                if step.state == "running" and step.elapsed() >= _HEARTBEAT_SECONDS:
                    self._line(f"… {step.name} {step.elapsed():.0f} s {step.detail}")

    def _load(self) -> dict[str, float]:
        try:
            return {str(k): float(v) for k, v in json.loads(self.history_file.read_text(encoding="utf-8")).items()}
        except (OSError, ValueError, AttributeError):
            return {}

    def _save(self, step: Step) -> None:
        # The history is optional: a full disk must not stop the work.
        with self._lock, contextlib.suppress(OSError):
            self._before[step.name] = round(step.seconds, 1)
            self.history_file.write_text(json.dumps(self._before, indent=1, sort_keys=True), encoding="utf-8")
