"""The family of Pods' addresses, and whether they are public; Tempo uses each Pod's own, so all are supported."""

import ipaddress
from collections.abc import Iterator

from ready.facts import Facts, known
from ready.finding import Finding, listed, met, not_seen
from ready.needs import Needs


def check(_: Needs, facts: Facts) -> Iterator[Finding]:
    """Yield what was found."""
    ranges = [one for node in known(facts.cluster.nodes) for one in node.pod_ranges]
    if found := [ipaddress.ip_network(one, strict=False) for one in ranges]:
        source = listed(sorted({str(one) for one in found}))
    else:
        found = [ipaddress.ip_network(one) for one in known(facts.cluster.pod_addresses)]
        source = "seen at Pods that run"
    if not found:
        yield not_seen("Pods' addresses", "nodes state no range, and no Pod with an address of its own was seen")
        return
    families = " and ".join(f"IPv{version}" for version in sorted({one.version for one in found}))
    public = any(one.is_global for one in found)
    scope = "public, which is fine: Tempo uses each Pod's own address" if public else "private"
    yield met("Pods' addresses", f"They are {families} ({source}), {scope}.")
