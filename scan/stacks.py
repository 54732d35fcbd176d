"""Scan stacks and print what was found, what is refused and what is accepted for which reason."""

from collections.abc import Mapping, Sequence

import pulumi
from rich.console import Console

from lab.errors import LabError
from lab.progress import Progress
from scan.checkov import checkov
from scan.finding import Accepted, Finding, Report, accepted, refused
from scan.kube_score import kube_score
from settings.problems import SettingsError
from settings.project import REPO
from snapshot.program import record_program, stack_config
from snapshot.recorder import Registration

_Reports = Mapping[str, Mapping[str, Report]]


def scan(stacks: Sequence[str], out: Console) -> None:
    """Scan the stacks, every `Pulumi.<stack>.yaml` if none is named; raise LabError unless nothing is refused."""
    with Progress() as progress:
        with progress.step("record"):
            sets = {stack: recorded(stack) for stack in stacks or all_stacks()}
        reports = {"checkov": checkov(sets, progress), "kube-score": kube_score(sets, progress)}
    known = accepted()
    found = show(reports, known, out)
    if found:
        raise LabError(
            f"{found} findings are neither corrected nor accepted.",
            "Correct the resource, or accept the finding with its reason in scan/accepted.toml.",
        )


def all_stacks() -> list[str]:
    """Return the names of all stacks that have a file here."""
    return sorted(path.name.removeprefix("Pulumi.").removesuffix(".yaml") for path in REPO.glob("Pulumi.*.yaml"))


def recorded(stack: str) -> Sequence[Registration]:
    """Return what a stack would deploy; raise LabError when its file is refused."""
    try:
        return record_program(stack_config(REPO / f"Pulumi.{stack}.yaml"), stack).registrations
    except (SettingsError, pulumi.RunError) as error:
        raise LabError(f"Pulumi.{stack}.yaml is refused:\n{error}", "Correct it and run this again.") from error


def show(reports: _Reports, known: Sequence[Accepted], out: Console) -> int:
    """Print the results of each scanner by stack, then the reasons; return the number of refused findings."""
    total = 0
    for tool, by_stack in reports.items():
        for stack, report in by_stack.items():
            failed = refused(report.findings, known)
            total += len(failed)
            counts = f"{report.passed} passed, {len(report.findings) - len(failed)} accepted, {len(failed)} failed"
            _print(out, f"{stack}: {tool}: {counts}")
            for finding in failed:
                _print(out, f"  {finding.resource}: {finding.check}: {finding.sentence}")
    findings = [one for by_stack in reports.values() for report in by_stack.values() for one in report.findings]
    for entry in known:
        if covered := [finding for finding in findings if entry.covers(finding)]:
            _print(out, f"\nAccepted: {_names(covered)}\n  {entry.reason}")
    return total


def _names(findings: Sequence[Finding]) -> str:
    """Return `CKV_K8S_15 of agent-daemon, tempo-server`."""
    return f"{findings[0].check} of {', '.join(sorted({finding.resource for finding in findings}))}"


def _print(out: Console, text: str) -> None:
    out.print(text, markup=False, highlight=False, soft_wrap=True)
