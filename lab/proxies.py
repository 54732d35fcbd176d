"""Which hosts programs reach without the proxy that a machine names for the internet."""

from collections.abc import Mapping

_NAMES = ("NO_PROXY", "no_proxy")


def without_proxy(environment: Mapping[str, str], *hosts: str) -> dict[str, str]:
    """Return the variables that keep these hosts from the proxy, beside those that are spared already."""
    spared = next((environment[name] for name in _NAMES if environment.get(name)), "")
    known = spared.split(",") if spared else []
    return dict.fromkeys(_NAMES, ",".join([*known, *(host for host in hosts if host not in known)]))
