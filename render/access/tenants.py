"""Which groups read which tenants."""

from collections.abc import Sequence

from render.names import ACCESS_LONG_TERM_PORT, ACCESS_PORT
from render.tenants import long_term_tenants
from settings.access import Access
from settings.stack import StackSettings


def readers(access: Access, tenants: Sequence[str]) -> dict[str, list[str]]:
    """Return the groups of each of these tenants, sorted; without the tenants that nobody may read."""
    listed = {
        tenant: sorted({*access.admin_groups, *(one.members_of for one in access.groups if tenant in one.tenants)})
        for tenant in tenants
    }
    return {tenant: groups for tenant, groups in listed.items() if groups}


def ports(settings: StackSettings) -> dict[str, int]:
    """Return the proxy's port for each tier by its name."""
    long_term = {"long-term": ACCESS_LONG_TERM_PORT} if long_term_tenants(settings) else {}
    return {"detailed": ACCESS_PORT, **long_term}
