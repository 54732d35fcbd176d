"""Checkov's findings in any resources, and what it makes of the seeded misconfigurations."""

from collections.abc import Iterable, Mapping

from lab.progress import Progress
from scan.checkov import checkov
from scan.resource import Resource
from tests.seeds.seed import Seed
from tests.support.programs import recorded
from tests.support.seeded import seeded_recorder

# The check, the logical name of the resource, and the check's title, which states what should be.
Found = tuple[str, str, str]


def checkov_findings_in(sets: Mapping[str, Iterable[Resource]]) -> dict[str, list[Found]]:
    """Return what checkov finds in sets of resources by name, nothing of it accepted, sorted."""
    with Progress() as progress:
        reports = checkov({name: list(resources) for name, resources in sets.items()}, progress)
    return {
        name: [(found.check, found.resource, found.sentence) for found in report.findings]
        for name, report in reports.items()
    }


def caught_by_checkov(seeds: Iterable[Seed]) -> dict[str, list[Found]]:
    """Return what checkov finds in the stack of each seed and not in the unbroken one, by the seed's name."""
    by_name = {seed.name: seed for seed in seeds}
    stacks = {seed.stack for seed in by_name.values()}
    unbroken = {stack: recorded(stack).registrations for stack in stacks}
    broken = {name: seeded_recorder(seed).registrations for name, seed in by_name.items()}
    found = checkov_findings_in(unbroken | broken)
    return {
        name: [finding for finding in found[name] if finding not in found[seed.stack]]
        for name, seed in by_name.items()
    }
