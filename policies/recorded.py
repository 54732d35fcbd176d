"""Filters that choose traces by the policy that kept them, which the sampler records in the scope of each span."""

import re

from policies.collector_config import Way, kind_of
from policies.property import Property

# The sampler records nothing without it.
GATE = "processor.tailsamplingprocessor.recordpolicy"
_KEPT_BY_ANOTHER = re.compile(r'(?:instrumentation_)?scope\.attributes\["tailsampling\.policy"\] != "([^"]*)"')


def passed_policies(document: Property, way: Way) -> set[str] | None:
    """Return the policies whose traces pass every filter of a way; None if no filter chooses by the policy."""
    passed: set[str] | None = None
    for name in way.processors:
        if kind_of(name) == "filter":
            for condition in document["processors"][name]["trace_conditions"].texts():
                if spared := spared_policies(condition):
                    passed = spared if passed is None else passed & spared
    return passed


def spared_policies(condition: str) -> set[str]:
    """Return the policies whose traces a filter's condition spares; none if it decides by anything else, too."""
    parts = [_KEPT_BY_ANOTHER.fullmatch(part.strip()) for part in re.split(r"\band\b", condition)]
    return {part[1] for part in parts if part} if all(parts) else set()
