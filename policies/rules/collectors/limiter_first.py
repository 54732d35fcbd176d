"""A collector refuses spans before it runs out of memory."""

from collections.abc import Iterator

from policies.collector_config import collector_files, kind_of, pipelines
from policies.config_maps import CONFIG_MAP
from policies.property import Property
from policies.resources import Resource
from policies.rule import Bounds, ResourceRule, Severity
from policies.units import seconds


def check(config_map: Resource, _bounds: Bounds) -> Iterator[str]:
    """Yield each pipeline that receives from outside without a limiter first, and limiters that do nothing."""
    for file in collector_files(config_map):
        connectors = set(file.document["connectors"].fields())
        for pipeline in pipelines(file.document):
            first = pipeline.processors[0] if pipeline.processors else ""
            if set(pipeline.receivers) <= connectors:
                continue  # a pipeline that feeds it has refused already
            if kind_of(first) != "memorylimiter":
                yield f"Pipeline {pipeline.name} in {file.name} does not begin with memory_limiter."
            elif _is_idle(file.document["processors"][first]):
                yield f"{first} in {file.name} has no check_interval or no limit, so it never refuses."


def _is_idle(limiter: Property) -> bool:
    limits = [limiter[name].number(0) for name in ("limit_mib", "limit_percentage")]
    return seconds(limiter["check_interval"], 0) == 0 or not any(limits)


RULE = ResourceRule(
    name="collectors-limit-memory-first",
    promise="Every pipeline refuses spans, so that their senders keep them, before the kernel kills the process.",
    severity=Severity.HIGH,
    to_do="Put memory_limiter first in every pipeline with a receiver, with check_interval and a limit.",
    types=(CONFIG_MAP,),
    check=check,
)
