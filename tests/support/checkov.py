"""checkov's findings in any resources, such as those of a deliberately wrong stack."""

from collections.abc import Iterable, Mapping

from lab.progress import Progress
from scan.checkov import checkov
from scan.resource import Resource

# The check, the logical name of the resource, and the check's title, which states what should be.
Found = tuple[str, str, str]


def checkov_findings(resources: Iterable[Resource]) -> list[Found]:
    """Return what checkov finds in resources that belong to one stack, nothing of it accepted, sorted."""
    return checkov_findings_in({"": resources})[""]


def checkov_findings_in(sets: Mapping[str, Iterable[Resource]]) -> dict[str, list[Found]]:
    """Return the same for several sets of resources by name: with one start of checkov, which takes 5 seconds."""
    with Progress() as progress:
        reports = checkov({name: list(resources) for name, resources in sets.items()}, progress)
    return {
        name: [(found.check, found.resource, found.sentence) for found in report.findings]
        for name, report in reports.items()
    }
