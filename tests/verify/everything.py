"""Run every test on real parts, on labs of its own that are deleted afterwards.

Its state is the folder `verify` below the lab's state folder. A failed step skips only the steps that need it,
so one run reports everything that is wrong.
"""

import contextlib
import os
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from lab.commands import down, look
from lab.commands.up import up
from lab.errors import LabError, lines_of
from lab.node import Node
from lab.paths import state_dir
from lab.progress import Progress
from lab.target.stacks import stack_settings
from lab.target.target import running_node
from lab.toolchain.catalogue import TOOLS
from lab.toolchain.debian import ensure_packages
from lab.toolchain.queue import BuildQueue
from lab.traces.roundtrip import round_trip
from tests.support.tools import described
from tests.verify import tier
from tests.verify.leftovers import leftovers

_STACK = "dojo"
# What the tests of the tools run beside the tools: a cache and a metrics store for Tempo in microservices mode,
# and what makes networks and drops packets in them. The lab needs two of these as well, but comes up later.
_TEST_PACKAGES = ("memcached", "prometheus", "iproute2", "iptables", "ipset", "openssl", "chromium", "nodejs")
# What those tests run of the catalogue; the rest is compiled while they wait for traces to be flushed and found.
_TESTED_TOOLS = ("minio", "mc", "tempo", "otelcol", "kube-score", "actionlint", "caddy", "oauth2-proxy", "kwok")
_ON_THE_LAB = "engine or cluster"
# Far more of a Pod's log than a failed test needs.
_KEPT_LOG_LINES = 2000


@dataclass
class _Report:
    """The steps so far: name, whether it passed, seconds, and a few words on its result."""

    out: Console
    rows: list[tuple[str, bool, float, str]] = field(default_factory=list)

    def step(self, name: str, run: Callable[[], str]) -> bool:
        """Run one step, which returns a few words on its result; a LabError is printed and fails the step."""
        self.out.rule(name, align="left")
        started = time.monotonic()
        try:
            result, passed = run(), True
        except LabError as error:
            result, passed = error.what, False
            self.out.print(f"{error.what}\n{error.fix}", style="red", markup=False, highlight=False)
        self.rows.append((name, passed, time.monotonic() - started, result))
        return passed

    @property
    def passed(self) -> bool:
        """Whether every step passed."""
        return all(passed for _, passed, _, _ in self.rows)

    def show(self) -> None:
        """Print the table of what ran."""
        table = Table("step", "result", "seconds", "", box=None)
        for name, passed, seconds, result in self.rows:
            table.add_row(name, "passed" if passed else "[red]FAILED[/]", f"{seconds:.0f}", Text(result))
        self.out.rule()
        self.out.print(table, highlight=False)


def verify(out: Console) -> bool:
    """Run every step and print a table of the results; return whether all steps passed.

    Raise LabError when another lab runs on this machine; that lab is never stopped from here.
    """
    folder = _own_folder()
    report = _Report(out)
    report.step("take down the lab of an earlier run", _take_down)
    before = leftovers(folder)
    try:
        _steps(report, folder)
    finally:
        report.step("take the lab down", _take_down)
        report.step("check that nothing is left of it", lambda: _nothing_left(leftovers(folder) - before))
        report.show()
    return report.passed


def _own_folder() -> Path:
    """Give this process and its children a state folder of their own; LabError when another lab runs."""
    folder = state_dir() / "verify"
    record = Node.record()
    if record and record.folder.parent != folder:
        raise LabError(
            f"A lab in {record.folder} runs on this machine, and there can be one at a time.",
            f"Stop it: FAWKES_STATE_DIR={record.folder.parent} make down",
        )
    os.environ["FAWKES_STATE_DIR"] = str(folder)
    # Never use a cluster that this shell names.
    os.environ.pop("FAWKES_KUBECONFIG", None)
    return folder


def _steps(report: _Report, folder: Path) -> None:
    with _tests_of_the_tools(report) as tools:
        is_up = report.step("bring the lab up", _bring_up)
        with tier.beside_apart("simulated", "tests.verify.simulated", after=tools.pid) as simulated:
            if is_up:
                first = ("tests/lab", "tests/engine")
                _tested(report, "tests of lab and engine", folder, lambda: tier.in_view(_ON_THE_LAB, *first))
            # Those of the cluster have deadlines: they begin when the tools' no longer load both processors.
            report.step("tests of the tools", tools.finish)
            if is_up:
                _tested(report, "tests of the cluster", folder, lambda: tier.in_view(_ON_THE_LAB, "tests/cluster"))
            _tested(report, "tests on simulated nodes and cloud", folder, simulated.finish)


@contextlib.contextmanager
def _tests_of_the_tools(report: _Report) -> Iterator[tier.Beside]:
    """Build all tools, and run the tests of some beside everything else in the block.

    These tests mostly wait, and share no process: each worker has loopback addresses of its own. Those of the lab
    mostly wait, too.
    """
    others = [name for name in TOOLS if name not in _TESTED_TOOLS]
    with contextlib.ExitStack() as stack:
        with Progress() as progress, BuildQueue(progress, [*_TESTED_TOOLS, *others]) as queue:
            report.step("build the tools of the first tests", lambda: _built(progress, queue, _TESTED_TOOLS))
            tests = stack.enter_context(tier.beside("tools", "-n", "2", "--dist", "loadfile"))
            report.step("build the other tools", lambda: _built(progress, queue, others))
        yield tests


def _tested(report: _Report, name: str, folder: Path, run: Callable[[], str]) -> None:
    if not report.step(name, run):
        report.step(f"keep the logs of the {name}", lambda: _keep_logs(folder, name))


def _take_down() -> str:
    with Progress() as progress:
        down.clean(_STACK, progress, tools=False)
    return "its state is deleted"


def _built(progress: Progress, queue: BuildQueue, names: Sequence[str]) -> str:
    ensure_packages(_TEST_PACKAGES, progress)
    for name in names:
        queue.wait(name)
    return ", ".join(described(name) for name in names)


def _bring_up() -> str:
    with Progress() as progress:
        # Some tests of the cluster deploy the stack with certificates.
        target = up(_STACK, progress, with_issuer=True)
        found = round_trip(target.cluster(), stack_settings(_STACK), progress)
    return f"found {found.trace_id} by TraceQL"


def _keep_logs(folder: Path, name: str) -> str:
    """Copy the logs that explain the failure out of the lab before it is deleted; return where they are."""
    kept = folder.with_name(f"verify-logs-{name.replace(' ', '-')}")
    shutil.rmtree(kept, ignore_errors=True)
    for logs in folder.glob("*/logs"):
        shutil.copytree(logs, kept / logs.parent.name)
    if target := running_node():
        with (kept / "pods.log").open("w", encoding="utf-8") as file:
            look.logs(target, stack_settings(_STACK), Console(file=file), "", _KEPT_LOG_LINES)
    return str(kept)


def _nothing_left(found: set[str]) -> str:
    if found:
        raise LabError(
            f"The lab left this on the machine:\n{lines_of(sorted(found))}", "This is a bug: report it."
        )
    return "no process, mount, link, route, firewall rule or control group"
