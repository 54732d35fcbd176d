"""The share of ordinary traces that is kept is what the environment wants to see and to pay."""

import re
from collections.abc import Iterator

from pydantic import Field

from policies.collector_config import Way, tenant_of, ways
from policies.collectors import Collector, collectors, hosts_of_collectors
from policies.feature_gates import turned_on
from policies.recorded import GATE, passed_policies
from policies.resources import Stack
from policies.rule import Bounds, Severity, StackRule, Violation
from policies.samplers import baseline_percentage


class Shares(Bounds):
    """Percentages of the traces without an error that are kept, for each tier."""

    min_percentage: float = Field(1, description="Percentage to keep in the detailed tier at least.")
    max_percentage: float = Field(100, description="Percentage to keep in the detailed tier at most.")
    min_long_term_percentage: float = Field(0.1, description="Percentage to keep in the long-term tier at least.")
    max_long_term_percentage: float = Field(10, description="Percentage to keep in the long-term tier at most.")
    long_term_tenants: str = Field(
        "-long-term$", description="A regular expression that matches the names of the long-term tier's tenants."
    )


def check(stack: Stack, bounds: Shares) -> Iterator[Violation]:
    """Yield each exporter to Tempo that gets too many or too few ordinary traces."""
    found = collectors(stack)
    hosts = hosts_of_collectors(stack, found)
    for collector in found:
        for way in ways(collector.document):
            if collector.target(way.exporter) not in hosts:
                yield from _judged(collector, way.exporter, _percentage(collector, way), bounds)


def _percentage(collector: Collector, way: Way) -> float:
    """Return the percentage that reaches an exporter: nothing by a policy that the sampler does not record."""
    if passed_policies(collector.document, way) is not None and not turned_on(collector.container, GATE):
        return 0
    return baseline_percentage(collector.document, way)


def _judged(collector: Collector, name: str, percentage: float, bounds: Shares) -> Iterator[Violation]:
    tenant = tenant_of(collector.document["exporters"][name])
    low, high = bounds.min_percentage, bounds.max_percentage
    if re.search(bounds.long_term_tenants, tenant):
        low, high = bounds.min_long_term_percentage, bounds.max_long_term_percentage
    if not low <= percentage <= high:
        yield Violation(
            collector.config_map,
            f"Exporter {name} in {collector.file.name} gets {percentage:g} % of the traces without an error; "
            f"{low:g} to {high:g} % are allowed.",
        )


RULE = StackRule(
    name="collectors-keep-a-baseline",
    promise="The share of ordinary traces in Tempo is within what the environment wants to see and to pay.",
    severity=Severity.HIGH,
    to_do="Correct sampling.baseline_percentage or sampling.long_term_baseline_percentage.",
    bounds=Shares,
    check=check,
)
