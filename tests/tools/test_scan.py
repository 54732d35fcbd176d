"""What checkov and kube-score find in the committed stacks, and that they would find what is wrong."""

import functools
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from lab.progress import Progress
from lab.toolchain.build import find
from scan.checkov import checkov
from scan.finding import Report, accepted, refused
from scan.kube_score import kube_score
from snapshot.recorder import Registration
from tests.support.programs import recorded
from tests.support.stacks import STACKS
from tests.support.tools import absent

pytestmark = pytest.mark.tools

Reports = Mapping[str, Report]
# A copy of prod in which some things are wrong.
WRONG = "wrong"
SCANNERS = {"checkov": checkov, "kube-score": kube_score}
every_stack = pytest.mark.parametrize("stack", STACKS)


def wrong_copy() -> list[Registration]:
    """Return prod with a privileged agent, and with a trace bucket that is public and keeps no versions."""
    bucket = {"store-traces-versioning", "store-traces-public-access"}
    left = [found for found in recorded("prod").registrations if found.name not in bucket]
    return [privileged(found) if found.name == "agent-daemon" else found for found in left]


def privileged(workload: Registration) -> Registration:
    """Return a workload whose container is privileged."""
    spec: dict[str, Any] = workload.inputs["spec"]
    (container,) = spec["template"]["spec"]["containers"]
    changed = {**container, "securityContext": {"privileged": True}}
    pod = {**spec["template"]["spec"], "containers": [changed]}
    template = {**spec["template"], "spec": pod}
    return replace(workload, inputs={**workload.inputs, "spec": {**spec, "template": template}})


@functools.cache
def all_reports() -> Mapping[str, Reports]:
    """Return the reports of both scanners on the committed stacks and on the wrong copy."""
    sets = {stack: recorded(stack).registrations for stack in STACKS} | {WRONG: wrong_copy()}
    with Progress() as progress:
        return {tool: run(sets, progress) for tool, run in SCANNERS.items()}


@pytest.fixture
def reports() -> Mapping[str, Reports]:
    """The reports, made by the first test: recording a stack needs the event loop of a test."""
    if find("kube-score") is None:
        absent("kube-score is not built: run `make tools`, or `make verify` for everything")
    return all_reports()


@pytest.mark.parametrize("tool", SCANNERS)
@every_stack
def test_a_scanner_finds_nothing_in_a_stack_but_what_is_accepted_for_a_reason(
    tool: str, stack: str, reports: Mapping[str, Reports]
) -> None:
    report = reports[tool][stack]
    assert report.passed > 80, "it has not seen the stack"
    assert refused(report.findings, accepted()) == []


def test_every_finding_that_is_accepted_is_still_found(reports: Mapping[str, Reports]) -> None:
    """A reason that outlives its finding would hide the next one. The pattern of names must be needed, too."""
    findings = [one for by_stack in reports.values() for stack in STACKS for one in by_stack[stack].findings]
    for entry in accepted():
        for pattern in entry.resources:
            narrow = replace(entry, resources=(pattern,))
            assert any(narrow.covers(one) for one in findings), f"{entry.check} of {pattern}"


@pytest.mark.parametrize(
    ("tool", "check", "resource"),
    [
        ("checkov", "CKV_K8S_16", "agent-daemon"),
        # Both are about other resources than the one that they name.
        ("checkov", "CKV_AWS_21", "store-traces-bucket"),
        ("checkov", "CKV2_AWS_6", "store-traces-bucket"),
        ("kube-score", "container-security-context-privileged", "agent-daemon"),
    ],
)
def test_what_is_wrong_in_a_stack_is_found_at_its_resource(
    tool: str, check: str, resource: str, reports: Mapping[str, Reports]
) -> None:
    """The other stacks, which are scanned in the same run, do not hide it, and do not have it."""
    found = {
        name: {(one.check, one.resource) for one in report.findings} for name, report in reports[tool].items()
    }
    assert {name for name, pairs in found.items() if (check, resource) in pairs} == {WRONG}
