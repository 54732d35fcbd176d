"""How long Tempo keeps the traces of each tenant, and who the tenants are."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from policies.collector_config import collector_files, tenant_of
from policies.config_maps import CONFIG_MAP
from policies.property import Property, Special
from policies.resources import Resource, Stack
from policies.tempo_config import EVERY_OTHER_TENANT, SINGLE_TENANT, separates_tenants
from policies.tempos import Tempo
from policies.units import seconds

# The sections with a retention for all tenants without one, of each major version.
_BASES = (("compactor",), ("backend_worker",), ("backend_scheduler", "provider", "compaction"))
_DEFAULT_SECONDS = 336 * 3600.0
_DEFAULT_COMPACTED_SECONDS = 3600.0


@dataclass(frozen=True)
class Kept:
    """How many seconds a tenant's traces are kept, what says so, and in which ConfigMap."""

    tenant: str
    seconds: float
    said_by: str
    config_map: Resource


def kept(tempo: Tempo, routed: Mapping[str, Resource]) -> Iterator[Kept]:
    """Yield the retention of each tenant that has limits or that collectors send to (`routed`).

    `*` stands for all others. Without separate tenants there is one, to which the limits of `*` apply.
    """
    if not separates_tenants(tempo.document):
        yield from _of_tenant(tempo, SINGLE_TENANT)
        return
    named = [name for file in tempo.limits for name in file.document["overrides"].fields()]
    for tenant in dict.fromkeys([*named, EVERY_OTHER_TENANT, *routed]):
        yield from _of_tenant(tempo, tenant)


def compacted_seconds(tempo: Tempo) -> float:
    """Return how long blocks stay in the bucket after they were compacted or their retention was over."""
    found = [section["compacted_block_retention"] for section in _compactions(tempo)]
    return max(seconds(one, _DEFAULT_COMPACTED_SECONDS) for one in found)


def _of_tenant(tempo: Tempo, tenant: str) -> Iterator[Kept]:
    """Yield a tenant's retention; several if Tempo's sections for all tenants differ."""
    for name in (tenant, EVERY_OTHER_TENANT):
        for file in tempo.limits:
            block = file.document["overrides"][name]
            if not block.is_missing:
                yield from _in_block(tempo, tenant, block, f"tenant {name} in {file.name}", file.config_map)
                return
    defaults = tempo.document["overrides"]["defaults"]
    yield from _in_block(tempo, tenant, defaults, f"overrides.defaults in {tempo.file.name}", tempo.config_map)


def _in_block(tempo: Tempo, tenant: str, block: Property, said_by: str, config_map: Resource) -> Iterator[Kept]:
    """Yield what a block of limits says; without a retention in it, Tempo's own applies."""
    for value in (block["compaction"]["block_retention"], block["block_retention"]):
        if duration := seconds(value, 0):
            yield Kept(tenant, duration, said_by, config_map)
            return
    for section in _compactions(tempo):
        duration = seconds(section["block_retention"], _DEFAULT_SECONDS)
        yield Kept(tenant, duration, f"{tempo.file.name} for all without a retention", tempo.config_map)


def _compactions(tempo: Tempo) -> list[Property]:
    sections = []
    for path in _BASES:
        section = tempo.document
        for name in path:
            section = section[name]
        if not section.is_missing:
            sections.append(section["compaction"])
    return sections or [Property(Special.MISSING)]


def tenants_sent_to(stack: Stack) -> dict[str, Resource]:
    """Return the tenants whose name a collector writes, and its ConfigMap."""
    return {
        tenant: config_map
        for config_map in stack.of_type(CONFIG_MAP)
        for file in collector_files(config_map)
        for exporter in file.document["exporters"].fields().values()
        if (tenant := tenant_of(exporter))
    }
