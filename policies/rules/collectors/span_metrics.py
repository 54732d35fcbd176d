"""Span metrics have one owner, and a bound."""

from collections.abc import Iterator

from policies.collector_config import kind_of, pipelines
from policies.collectors import Collector, collectors
from policies.config_maps import CONFIG_MAP
from policies.property import Property
from policies.resources import Resource, Stack
from policies.rule import Bounds, Severity, StackRule, Violation
from policies.tempo_config import override_files, tempo_files

# Tempo's name of the processor, and the beginning of the names of its parts (span-metrics-latency).
_PROCESSOR = "span-metrics"


def check(stack: Stack, _bounds: Bounds) -> Iterator[Violation]:
    """Yield each connector without a limit, and each owner but the first."""
    owners = []
    for collector in collectors(stack):
        for name in _connectors(collector):
            owners.append((collector.config_map, f"The collector of {collector.workload.name}"))
            if collector.document["connectors"][name]["aggregation_cardinality_limit"].number(0) <= 0:
                yield Violation(
                    collector.config_map,
                    f"The connector {name} of {collector.workload.name} has no aggregation_cardinality_limit, so "
                    "clients' names decide how many series there are.",
                )
    owners += [(one, "Tempo") for one in stack.of_type(CONFIG_MAP) if _is_made_by_tempo(one)]
    for resource, who in owners[1:]:
        yield Violation(
            resource, f"{who} makes span metrics, as {_small(owners[0][1])} does: spans are counted twice."
        )


def _connectors(collector: Collector) -> list[str]:
    """Return the connectors that count the spans of a pipeline."""
    used = {name for pipeline in pipelines(collector.document) for name in pipeline.exporters}
    return [
        name
        for name in collector.document["connectors"].fields()
        if name in used and kind_of(name) == "spanmetrics"
    ]


def _is_made_by_tempo(config_map: Resource) -> bool:
    """Return whether a ConfigMap turns the processor on for any tenant, or for all by default."""
    defaults = [file.document["overrides"]["defaults"] for file in tempo_files(config_map)]
    tenants = [
        block for file in override_files(config_map) for block in file.document["overrides"].fields().values()
    ]
    return any(_turns_on(block) for block in (*defaults, *tenants))


def _turns_on(block: Property) -> bool:
    processors = block["metrics_generator"]["processors"].texts()
    return any(name.startswith(_PROCESSOR) for name in processors)


def _small(who: str) -> str:
    return who.replace("The ", "the ", 1)


RULE = StackRule(
    name="span-metrics-have-one-owner",
    promise="Every span is counted once, and no client decides how many series there are.",
    severity=Severity.HIGH,
    to_do="Let agents or Tempo make span metrics, not both (span_metrics.source), and give the connector a limit.",
    check=check,
)
