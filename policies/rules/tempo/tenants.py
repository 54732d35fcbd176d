"""Tempo separates tenants where the environment says so."""

from collections.abc import Iterator

from pydantic import Field

from policies.config_maps import CONFIG_MAP
from policies.resources import Resource
from policies.rule import Bounds, ResourceRule, Severity
from policies.tempo_config import separates_tenants, tempo_files


class Tenancy(Bounds):
    """Whether tenants have to be separated."""

    required: bool = Field(True, description="Whether Tempo has to separate tenants.")


def check(config_map: Resource, bounds: Tenancy) -> Iterator[str]:
    """Yield each configuration with which every request reads all traces."""
    for file in tempo_files(config_map):
        if bounds.required and not separates_tenants(file.document):
            yield f"{file.name} does not set multitenancy_enabled, so every query reads the traces of all tenants."


RULE = ResourceRule(
    name="tempo-separates-tenants",
    promise="Each tenant's traces are stored and read apart from the others'.",
    severity=Severity.CRITICAL,
    to_do="Set tenants.mode to by_namespace, which sets multitenancy_enabled to true.",
    bounds=Tenancy,
    types=(CONFIG_MAP,),
    check=check,
)
