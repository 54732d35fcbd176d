"""Time prod's preview, which a reviewer waits for, against a program that only imports the same SDKs.

The same engine on the same machine previews both in turn, so the ratio can be compared between machines although
the seconds cannot. Nothing here passes or fails.
"""

import statistics
from collections.abc import Callable, Mapping
from dataclasses import replace

from rich.console import Console
from rich.table import Table

from lab.commands.up import start_simulated
from lab.engine.engine import Engine
from lab.progress import Progress
from lab.target.target import Target
from settings.project import REPO

_STACK = "prod"
_IMPORTS = REPO / "bench" / "imports"
_IMPORTS_STACK = "bench"
# Enough for a median that one slow run does not move, in two minutes.
_RUNS = 5


def bench(out: Console) -> None:
    """Start simulated nodes and cloud unless they run, preview both in turn, and print the ratio."""
    with Progress() as progress:
        target = start_simulated(progress, "measure")
        with progress.step("measure") as step:
            seconds_of = _measure(_engines(target), step.update)
    medians = {name: statistics.median(seconds) for name, seconds in seconds_of.items()}
    table = Table("preview of", "median s", "fastest s", "slowest s", box=None)
    for name, seconds in seconds_of.items():
        table.add_row(name, f"{medians[name]:.2f}", f"{min(seconds):.2f}", f"{max(seconds):.2f}")
    out.print(table, highlight=False)
    whole, imports = medians.values()
    out.print(f"\nprod / imports only = {whole / imports:.2f}, medians of {_RUNS} runs each", highlight=False)


def _engines(target: Target) -> dict[str, Engine]:
    whole = target.engine(_STACK)
    home = whole.home.with_name("bench-engine")
    return {_STACK: whole, "imports only": replace(whole, repo=_IMPORTS, stack=_IMPORTS_STACK, home=home)}


def _measure(engines: Mapping[str, Engine], report: Callable[[str], None]) -> dict[str, list[float]]:
    """Return the seconds of each engine's runs, except a first one that fills disk and interpreter caches."""
    seconds: dict[str, list[float]] = {name: [] for name in engines}
    for run in range(_RUNS + 1):
        for name, engine in engines.items():
            report(f"run {run} of {_RUNS}: {name}")
            took = engine.preview().seconds
            if run:
                seconds[name].append(took)
    return seconds
