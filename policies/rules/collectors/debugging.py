"""No collector prints spans."""

from collections.abc import Iterator

from policies.collector_config import collector_files, kind_of, pipelines
from policies.config_maps import CONFIG_MAP
from policies.resources import Resource
from policies.rule import Bounds, ResourceRule, Severity

# Exporters that write what they get to the process's output or to a file.
_PRINTING = {"debug", "logging", "file"}


def check(config_map: Resource, _bounds: Bounds) -> Iterator[str]:
    """Yield each such exporter that a pipeline uses."""
    for file in collector_files(config_map):
        used = {name for pipeline in pipelines(file.document) for name in pipeline.exporters}
        for name in sorted(used):
            if kind_of(name) in _PRINTING:
                yield f"Exporter {name} in {file.name} writes spans to a log or a file."


RULE = ResourceRule(
    name="collectors-print-no-spans",
    promise="Spans go to Tempo only, not into logs that others read and that nobody scrubs.",
    severity=Severity.HIGH,
    to_do="Remove the exporter from the pipeline.",
    types=(CONFIG_MAP,),
    check=check,
)
