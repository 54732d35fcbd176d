"""Checks of who may read which tenants."""

from collections.abc import Iterator

from settings.checks.presence import present_only_if, required_image
from settings.problems import Problem, shown
from settings.stack import StackSettings


def the_proxy_has_what_it_needs(settings: StackSettings) -> Iterator[Problem]:
    """Without an issuer and an audience no token can be checked, and without the mode neither is read."""
    access, proxied = settings.access, settings.access.mode == "proxy"
    by = {"access.mode": access.mode}
    yield from present_only_if(proxied, "access.issuer_url", access.issuer_url, by=by, wanted="an https URL")
    yield from present_only_if(proxied, "access.audience", access.audience, by=by, wanted="Grafana's client id")
    listed = [*access.groups, *access.admin_groups]
    if proxied != bool(listed):
        yield Problem(
            "access.groups",
            f"with access.admin_groups {'is required by' if proxied else 'does not apply to'} access.mode "
            f"{shown(access.mode)}",
            f"{len(listed)} groups",
            "at least one group" if proxied else "none",
            "Map a group to tenants." if proxied else "Remove them, or set access.mode to proxy.",
        )
    if proxied:
        yield from required_image("oauth2_proxy", settings.images.oauth2_proxy, by=by)
        yield from required_image("caddy", settings.images.caddy, by=by)


def the_proxy_keeps_tenants_apart(settings: StackSettings) -> Iterator[Problem]:
    """Tempo without tenancy ignores the tenants that the proxy sets: every group would read everything."""
    if settings.access.mode == "proxy" and settings.tenants.mode == "single":
        yield Problem(
            "access.mode",
            "has no tenants to keep apart with tenants.mode single",
            '"proxy"',
            '"none"',
            "Set tenants.mode to by_namespace and list the namespaces, or set access.mode to none.",
        )


def groups_read_tenants_that_exist(settings: StackSettings) -> Iterator[Problem]:
    """A misspelt tenant would be an empty result, not an error, for whoever looks for traces."""
    known = {*settings.tenants.namespaces, settings.tenants.default_tenant}
    if settings.retention.long_term_hours is not None:
        known |= {settings.tenants.long_term(name) for name in known}
    for number, access in enumerate(settings.access.groups):
        if unknown := sorted({*access.tenants} - known):
            yield Problem(
                f"access.groups.{number}.tenants",
                f"names tenants that do not exist for the group {shown(access.members_of)}",
                shown(unknown),
                ", ".join(sorted(known)),
                "Correct the names, or add the namespaces to tenants.namespaces.",
            )


def groups_are_listed_once(settings: StackSettings) -> Iterator[Problem]:
    """Whoever reads one of two entries for a group takes it for the whole."""
    access = settings.access
    names = [*(one.members_of for one in access.groups), *access.admin_groups]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield Problem(
            "access.groups",
            "lists a group twice, counting access.admin_groups",
            shown(name),
            "each group once",
            "List all of its tenants in one place.",
        )
