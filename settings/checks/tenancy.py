"""Checks of tenants."""

from collections.abc import Iterator

from settings.problems import Problem, shown
from settings.stack import StackSettings


def tenants_are_consistent(settings: StackSettings) -> Iterator[Problem]:
    """A list without the mode, or the mode without a list, is an incomplete change; names must be unique."""
    tenants = settings.tenants
    by_namespace = tenants.mode == "by_namespace"
    if by_namespace != bool(tenants.namespaces):
        yield Problem(
            "tenants.namespaces",
            f"{'is required by' if by_namespace else 'does not apply to'} tenants.mode {shown(tenants.mode)}",
            shown(list(tenants.namespaces)),
            "at least one namespace" if by_namespace else "an empty list",
            "List the namespaces with a tenant of their own, or set tenants.mode to single."
            if by_namespace
            else "Remove it, or set tenants.mode to by_namespace.",
        )
    names = [*tenants.namespaces, tenants.default_tenant]
    if settings.retention.long_term_hours is not None:
        names += [tenants.long_term(name) for name in dict.fromkeys(names)]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield Problem(
            "tenants.namespaces",
            "lists a tenant twice, counting tenants.default_tenant and the tenants of the long-term tier",
            shown(name),
            "each name once",
            "Remove or rename one of them.",
        )
