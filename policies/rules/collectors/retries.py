"""Spans are sent again for as long as the queue holds them."""

from collections.abc import Iterator

from policies.collector_config import collector_files, ways
from policies.config_maps import CONFIG_MAP
from policies.resources import Resource
from policies.rule import Bounds, ResourceRule, Severity
from policies.units import seconds

# What the collector does if the exporter does not say it.
_DEFAULT_END_SECONDS = 300


def check(config_map: Resource, _bounds: Bounds) -> Iterator[str]:
    """Yield each exporter of spans that gives up; an end of 0 is none."""
    for file in collector_files(config_map):
        for name in dict.fromkeys(way.exporter for way in ways(file.document)):
            retry = file.document["exporters"][name]["retry_on_failure"]
            end = seconds(retry["max_elapsed_time"], _DEFAULT_END_SECONDS)
            if not retry["enabled"].flag(True):
                yield f"Exporter {name} in {file.name} drops what the receiver does not take at once."
            elif end > 0:
                yield f"Exporter {name} in {file.name} drops spans after trying for {end:g} s."


RULE = ResourceRule(
    name="collectors-retry-without-end",
    promise="No span that is safely in a queue on disk is dropped because Tempo was away for long.",
    severity=Severity.HIGH,
    to_do="Set retry_on_failure.max_elapsed_time to 0.",
    types=(CONFIG_MAP,),
    check=check,
)
