"""Tempo's tenants: each listed namespace, one for all others, and a second one each for the long-term tier."""

from settings.stack import StackSettings
from settings.tenants import Tenants

# Tempo's folder for the traces of a deployment without tenancy.
SINGLE_TENANT = "single-tenant"


def multitenancy(settings: StackSettings) -> bool:
    """Return whether Tempo separates tenants: by namespace, or by tier because each tenant has one retention."""
    return settings.tenants.mode == "by_namespace" or settings.retention.long_term_hours is not None


def tenants(settings: StackSettings) -> list[str]:
    """Return the tenants of the detailed tier, sorted; none without tenancy.

    In `single` mode with a long-term tier this is the default tenant alone.
    """
    if not multitenancy(settings):
        return []
    named = settings.tenants.namespaces if settings.tenants.mode == "by_namespace" else ()
    return sorted({*named, settings.tenants.default_tenant})


def long_term_tenants(settings: StackSettings) -> list[str]:
    """Return the tenants of the long-term tier in the order of `tenants`; none without that tier."""
    if settings.retention.long_term_hours is None:
        return []
    return [Tenants.long_term(tenant) for tenant in tenants(settings)]


def tenant_folders(settings: StackSettings) -> list[str]:
    """Return the bucket's top folders, one for each tenant of either tier, sorted."""
    return sorted([*tenants(settings), *long_term_tenants(settings)]) or [SINGLE_TENANT]
