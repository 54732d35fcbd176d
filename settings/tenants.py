"""Who may see whose traces."""

from typing import Literal

from pydantic import Field

from settings.base import DnsLabel, Section


class Tenants(Section):
    """One tenant for all, or one for each listed namespace."""

    mode: Literal["single", "by_namespace"] = Field(
        description="`single` turns Tempo's tenancy off; `by_namespace` isolates the listed namespaces."
    )
    namespaces: tuple[DnsLabel, ...] = Field(
        default=(),
        max_length=49,
        description="Namespaces with a tenant of their own, of the same name. Each costs a gateway 3 to 5 µs of "
        "CPU for every kept span (docs/adr/0011), so there are at most 50 tenants with the default one.",
    )
    default_tenant: DnsLabel = Field(
        default="shared", description="Takes the traces of every other namespace, so that none is lost."
    )

    @staticmethod
    def long_term(tenant: str) -> str:
        """Return the tenant that holds a tenant's long-term tier."""
        return f"{tenant}-long-term"
