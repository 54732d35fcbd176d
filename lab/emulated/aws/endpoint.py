"""Where requests may go: to an AWS endpoint on this machine or on the lab's node, and nowhere else."""

from collections.abc import Mapping
from ipaddress import IPv4Address, ip_address
from urllib.parse import urlsplit

from lab.emulated.plugin import ProviderError

# The same as in `lab.node.layout`, whose import would load the whole node: half a second of every start.
NODE_ADDRESS = IPv4Address("172.30.0.2")
VARIABLE = "AWS_ENDPOINT_URL"


def endpoint_of(environment: Mapping[str, str]) -> str:
    """Return the endpoint's URL. Raise `ProviderError` when there is none or it is on another machine."""
    url = environment.get(VARIABLE, "")
    if not is_local(url):
        raise ProviderError(
            f"The emulated aws plugin never reaches a real cloud, but {VARIABLE} is {url!r}; allowed are this "
            f"machine's loopback addresses and the lab's node {NODE_ADDRESS}. Set {VARIABLE} to a moto server on "
            "this machine, as in http://127.0.0.1:5000."
        )
    return url


def is_local(url: str) -> bool:
    """Return whether this is an address of this machine or of the lab's node."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or parts.username or not parts.hostname:
        return False
    if parts.hostname == "localhost":
        return True
    try:
        address = ip_address(parts.hostname)
    except ValueError:
        return False
    return address.is_loopback or address == NODE_ADDRESS
