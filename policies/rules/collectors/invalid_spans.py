"""Spans that Tempo refuses do not share a request with others."""

import re
from collections.abc import Iterator

from policies.collector_config import collector_files, kind_of, ways
from policies.config_maps import CONFIG_MAP
from policies.property import Property
from policies.resources import Resource
from policies.rule import Bounds, ResourceRule, Severity

# The conditions that are true of an all-zero id, each by itself or joined with others by `or`.
_ZERO_IDS = {
    "trace": re.compile(r"span\.trace_id == TraceID\(0x0{32}\)"),
    "span": re.compile(r"span\.span_id == SpanID\(0x0{16}\)"),
}


def check(config_map: Resource, _bounds: Bounds) -> Iterator[str]:
    """Yield each exporter that sends spans of applications to gateways without having dropped invalid ones."""
    for file in collector_files(config_map):
        reported: set[tuple[str, str]] = set()
        for way in ways(file.document):
            if kind_of(way.exporter) != "loadbalancing":
                continue
            dropped = [_dropped(file.document, name) for name in way.processors]
            for what in set(_ZERO_IDS) - set().union(*dropped):
                reported.add((way.exporter, what))
        for exporter, what in sorted(reported):
            yield f"Exporter {exporter} in {file.name} gets spans with an all-zero {what} id."


def _dropped(document: Property, processor: str) -> set[str]:
    """Return which zero ids a processor drops."""
    if kind_of(processor) != "filter":
        return set()
    conditions = document["processors"][processor]["trace_conditions"].texts()
    alternatives = [part.strip() for condition in conditions for part in condition.split(" or ")]
    return {
        what
        for what, zero in _ZERO_IDS.items()
        if any(zero.fullmatch(alternative) for alternative in alternatives)
    }


RULE = ResourceRule(
    name="collectors-drop-invalid-spans",
    promise="A span that Tempo refuses takes no span of another sender along.",
    severity=Severity.HIGH,
    to_do="In the agents, drop spans with an all-zero trace or span id by a filter processor.",
    types=(CONFIG_MAP,),
    check=check,
)
