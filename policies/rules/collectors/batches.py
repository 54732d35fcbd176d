"""Batches of spans are made, and are of limited size."""

from collections.abc import Iterator

from policies.collector_config import collector_files, kind_of, ways
from policies.config_maps import CONFIG_MAP
from policies.property import Property
from policies.resources import Resource
from policies.rule import Bounds, ResourceRule, Severity


def check(config_map: Resource, _bounds: Bounds) -> Iterator[str]:
    """Yield each exporter behind a tail sampler that gets traces one by one, or batches of any size."""
    for file in collector_files(config_map):
        unlimited = {
            way.exporter: None
            for way in ways(file.document)
            if any(kind_of(name) == "tailsampling" for name in way.processors)
            and not _is_limited(file.document, way.processors, way.exporter)
        }
        for exporter in unlimited:
            yield f"Exporter {exporter} in {file.name} gets no batches of limited size from the sampler."


def _is_limited(document: Property, processors: tuple[str, ...], exporter: str) -> bool:
    queue = document["exporters"][exporter]["sending_queue"]["batch"]
    if queue["max_size"].number(0) > 0:
        return True
    batches = [document["processors"][name] for name in processors if kind_of(name) == "batch"]
    return any(batch["send_batch_max_size"].number(0) > 0 for batch in batches)


RULE = ResourceRule(
    name="collectors-limit-batches",
    promise="Tempo gets batches that are large enough to be cheap and small enough to be accepted.",
    severity=Severity.MEDIUM,
    to_do="Add a batch processor with send_batch_max_size, or sending_queue.batch.max_size.",
    types=(CONFIG_MAP,),
    check=check,
)
