"""The network shows agents the address of the Pod that sends; no object of the API tells."""

from collections.abc import Iterator

from ready.facts import Facts
from ready.finding import Finding, not_seen
from ready.needs import Needs


def check(_: Needs, __: Facts) -> Iterator[Finding]:
    """Yield that it is not looked at."""
    why = "whether the CNI translates Pods' addresses within a node is not in the Kubernetes API"
    yield not_seen("sender's address", why, "After a deployment, check that spans have k8s.pod.name.")
