"""Run faults one after the other on the running lab, and leave the committed dojo on it."""

import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime

from rich.console import Console

from bench import page
from bench.machine import machine
from lab.errors import LabError
from lab.progress import Progress, Step
from lab.target.target import current
from settings.project import REPO
from tests.cluster.lab_prometheus import impatient_rules
from tests.faults.every import FAULTS
from tests.faults.fault import Fault
from tests.faults.report import markdown, overload, show
from tests.faults.run import inject
from tests.faults.verdict import Outcome, problems
from tests.support.live import LiveStack, section
from tests.support.stacks import merge

PAGE = REPO / "docs" / "faults.md"
MARKER = "<!-- `python -m tests.faults --write` writes everything below. -->\n"
# Of the rest, few are kept, so that a decision can be wrong; and counters are exact when nothing else sends.
_SETTINGS = section("sampling", baseline_percentage=10) | section("synthetic_check", enabled=False)


def chosen(names: str) -> list[Fault]:
    """Return the faults of these names, separated by commas; all without one. LabError for a name of none."""
    wanted = [name.strip() for name in names.split(",") if name.strip()]
    by_name = {fault.name: fault for fault in FAULTS}
    if unknown := [name for name in wanted if name not in by_name]:
        raise LabError(f"There is no fault {', '.join(unknown)}.", f"Name some of: {', '.join(by_name)}.")
    return [by_name[name] for name in wanted] or [*FAULTS]


def session(out: Console, names: str, *, write: bool) -> bool:
    """Run the faults, print what they did, and return whether it was only what they may do."""
    faults = chosen(names)
    stack = LiveStack.on(current())
    if stack.target.node is None:
        raise LabError("Faults are done to the lab's own node.", "Unset FAWKES_KUBECONFIG, and start it: make up")
    outcomes: list[Outcome] = []
    try:
        with Progress() as progress:
            progress.plan(*(fault.name for fault in faults))
            for fault in faults:
                with progress.step(fault.name) as step:
                    outcomes.append(_injected(stack, fault, step))
    finally:
        show(outcomes, out)
        if write:
            _write(outcomes)
        stack.bring()
    return not any([*problems(one)] for one in outcomes)


def _write(outcomes: Sequence[Outcome]) -> None:
    """Write what was measured into the documents, also when a later fault could not be."""
    for one in outcomes:
        if one.fault.gives_up:
            page.write("overload", f"{overload(one)}\n\n{machine()}")
    by_hand, _, before = PAGE.read_text(encoding="utf-8").partition(MARKER)
    PAGE.write_text(by_hand + MARKER + markdown(outcomes, FAULTS, _measured(), before), encoding="utf-8")


def _injected(stack: LiveStack, fault: Fault, step: Step) -> Outcome:
    """Deploy a fault's settings and run it; LabError when a part does not come back."""
    try:
        with fault.prepared(stack):
            step.update("deploy its settings")
            stack.bring(merge(_SETTINGS, fault.overlay))
            with impatient_rules(stack):
                return inject(stack, fault, step, alerts=True)
    except AssertionError as error:
        raise LabError(f"{fault.name}: {error}", "Look at `make status` and `make logs`.") from error


def _measured() -> str:
    return f"{datetime.now(UTC).date()}, {os.cpu_count()} cores, Linux {platform.release()}"
