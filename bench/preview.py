"""Time prod's preview, which a reviewer waits for, against a program that only imports the same SDKs.

It is also timed with a policy pack that has no rule: the difference is what the rules take. The same engine on the
same machine previews all in turn, so the ratios can be compared between machines although the seconds cannot.
Nothing here passes or fails.
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
_NO_RULES = REPO / "bench" / "no_rules"
# Enough for a median that one slow run does not move, in three minutes.
_RUNS = 5


def bench(out: Console) -> None:
    """Start simulated nodes and cloud unless they run, preview all in turn, and print the comparisons."""
    with Progress() as progress:
        target = start_simulated(progress, "measure")
        with progress.step("measure") as step:
            seconds_of = _measure(_engines(target), step.update)
    medians = {name: statistics.median(seconds) for name, seconds in seconds_of.items()}
    table = Table("preview of", "median s", "fastest s", "slowest s", box=None)
    for name, seconds in seconds_of.items():
        table.add_row(name, f"{medians[name]:.2f}", f"{min(seconds):.2f}", f"{max(seconds):.2f}")
    out.print(table, highlight=False)
    whole, no_rules, imports = medians.values()
    out.print(f"\nMedians of {_RUNS} runs each:", highlight=False)
    out.print(f"prod / imports only = {whole / imports:.2f}", highlight=False)
    out.print(
        f"prod - without rules = {whole - no_rules:.2f} s, prod / without rules = {whole / no_rules:.2f}",
        highlight=False,
    )


def _engines(target: Target) -> dict[str, Engine]:
    whole = target.engine(_STACK)
    home = whole.home.with_name("bench-engine")
    return {
        _STACK: whole,
        f"{_STACK}, without rules": replace(whole, policies=_NO_RULES),
        "imports only": replace(whole, repo=_IMPORTS, stack=_IMPORTS_STACK, home=home, policies=None),
    }


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
