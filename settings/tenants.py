"""Isolation of traces by namespace."""

from typing import Literal

from pydantic import Field

from settings.base import DnsLabel, Section


class Tenants(Section):
    """One tenant for all namespaces, or one for each listed namespace."""

    mode: Literal["single", "by_namespace"] = Field(
        description="`single` turns Tempo's multitenancy off; `by_namespace` isolates the listed namespaces."
    )
    namespaces: tuple[DnsLabel, ...] = Field(
        default=(),
        max_length=49,
        description="Namespaces with a tenant of their own, of the same name. Each costs a gateway 2 to 5 µs of "
        "CPU for every kept span (docs/adr/0011); 50 tenants, the default one included, are the maximum.",
    )
    default_tenant: DnsLabel = Field(
        default="shared", description="Tenant for the traces of all other namespaces."
    )

    @property
    def of_each_tier(self) -> int:
        """The number of tenants that each tier has; without tenancy one."""
        return len(self.namespaces) + 1

    @staticmethod
    def long_term(tenant: str) -> str:
        """Return the tenant for a tenant's long-term tier."""
        return f"{tenant}-long-term"
