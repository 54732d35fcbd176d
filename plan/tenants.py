"""The number of tenants."""

from settings.stack import StackSettings


def tenant_count(settings: StackSettings) -> int:
    """Return the tenants of all tiers.

    Each has a folder of blocks and an index in the bucket, and a sending queue in every gateway.
    """
    tiers = 1 if settings.retention.long_term_hours is None else 2
    return settings.tenants.of_each_tier * tiers
