"""A trace survives the loss of an ingester."""

from collections.abc import Iterator

from pydantic import Field

from policies.config_maps import CONFIG_MAP
from policies.resources import Resource
from policies.rule import Bounds, ResourceRule, Severity
from policies.tempo_config import tempo_files


class Replication(Bounds):
    """On how many ingesters a trace has to be."""

    min_factor: int = Field(3, ge=1, description="On how many ingesters each trace is until it is in the bucket.")


def check(config_map: Resource, bounds: Replication) -> Iterator[str]:
    """Yield each configuration with ingesters that writes a trace to fewer of them; the default is one."""
    for file in tempo_files(config_map):
        if file.document["ingester"].is_missing:
            continue  # 3.x has none: Kafka replicates what is not in the bucket yet
        factor = file.document["ingester"]["lifecycler"]["ring"]["replication_factor"].number(1)
        if factor < bounds.min_factor:
            least = bounds.min_factor
            yield f"The replication factor of traces in {file.name} is {factor:g}; at least {least} is required."


RULE = ResourceRule(
    name="tempo-replicates-each-trace",
    promise="A trace that is not in the bucket yet is on several ingesters.",
    severity=Severity.CRITICAL,
    to_do="Raise tempo.replication_factor, and tempo.ingesters with it.",
    bounds=Replication,
    types=(CONFIG_MAP,),
    check=check,
)
