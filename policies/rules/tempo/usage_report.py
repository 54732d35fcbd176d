"""Tempo reports nothing about itself to its vendor."""

from collections.abc import Iterator

from policies.config_maps import CONFIG_MAP
from policies.resources import Resource
from policies.rule import Bounds, ResourceRule, Severity
from policies.tempo_config import tempo_files


def check(config_map: Resource, _bounds: Bounds) -> Iterator[str]:
    """Yield each configuration that leaves usage reports on, as they are by default."""
    for file in tempo_files(config_map):
        if file.document["usage_report"]["reporting_enabled"].flag(True):
            yield f"{file.name} lets Tempo report its usage to its vendor."


RULE = ResourceRule(
    name="tempo-sends-no-usage-report",
    promise="Tempo sends no report about its use to its vendor.",
    severity=Severity.MEDIUM,
    to_do="Set usage_report.reporting_enabled to false.",
    types=(CONFIG_MAP,),
    check=check,
)
