"""No tenant can take all of Tempo."""

from collections.abc import Iterator

from policies.config_maps import CONFIG_MAP
from policies.property import Property
from policies.resources import Resource
from policies.rule import Bounds, ResourceRule, Severity
from policies.tempo_config import override_files

# A tenant's block replaces the defaults as a whole, so one that is missing is no limit, as 0 is.
_LIMITS = (
    ("ingestion", "rate_limit_bytes"),
    ("ingestion", "burst_size_bytes"),
    ("ingestion", "max_traces_per_user"),
    ("global", "max_bytes_per_trace"),
)


def check(config_map: Resource, _bounds: Bounds) -> Iterator[str]:
    """Yield each limit that a tenant's block lacks."""
    for file in override_files(config_map):
        for tenant, block in file.document["overrides"].fields().items():
            for section, name in _LIMITS:
                if _amount(block, section, name) <= 0:
                    yield f"The block of tenant {tenant} in {file.name} sets no {section}.{name}."


def _amount(block: Property, section: str, name: str) -> float:
    return block[section][name].number(0)


RULE = ResourceRule(
    name="tempo-limits-each-tenant",
    promise="Every tenant has a limit of bytes and of traces, so none can take the others' share.",
    severity=Severity.HIGH,
    to_do="Set the limit in every tenant's block: a block replaces all defaults, and 0 means unlimited.",
    types=(CONFIG_MAP,),
    check=check,
)
