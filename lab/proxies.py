"""Exempt hosts from the machine's proxy for the internet."""

from collections.abc import Mapping

_NAMES = ("NO_PROXY", "no_proxy")


def without_proxy(environment: Mapping[str, str], *hosts: str) -> dict[str, str]:
    """Return the variables that exempt these hosts from the proxy, besides those that are exempt already."""
    exempt = next((environment[name] for name in _NAMES if environment.get(name)), "")
    known = exempt.split(",") if exempt else []
    return dict.fromkeys(_NAMES, ",".join([*known, *(host for host in hosts if host not in known)]))
