"""The kubeconfig names a cluster, and its API server answers with a version that is new enough."""

from collections.abc import Iterator

from ready.facts import Facts, Unknown
from ready.finding import Finding, met, not_met, not_seen
from ready.needs import Needs

# `persistentVolumeClaimRetentionPolicy` is on by default since then.
_OLDEST = (1, 27)


def check(needs: Needs, facts: Facts) -> Iterator[Finding]:
    """Yield whether there is such a context, and whether its API server answers."""
    connection, version = facts.cluster.connection, facts.cluster.version
    wanted = needs.settings.cluster.context
    if isinstance(connection, Unknown):
        fix = "Name a kubeconfig in KUBECONFIG or FAWKES_KUBECONFIG"
        fix += f" that has the context {wanted}, or correct cluster.context." if wanted else "."
        yield not_met("kubeconfig", f"It cannot be used: {connection.why.rstrip('.')}.", fix)
        yield not_seen("Kubernetes version", "no cluster was reached")
        return
    said = "as cluster.context says" if wanted else "the current one, because cluster.context is not set"
    yield met("kubeconfig", f"It has the context {connection.context}, {said}.")
    if isinstance(version, Unknown):
        fix = "Renew the credentials, or correct the server's address, route, proxy or certificate authority."
        yield not_met(
            "Kubernetes version", f"{connection.server} does not answer: {version.why.rstrip('.')}.", fix
        )
        return
    shown, oldest = ".".join(map(str, version)), ".".join(map(str, _OLDEST))
    if version < _OLDEST:
        yield not_met("Kubernetes version", f"It is {shown}, older than {oldest}.", "Upgrade the cluster.")
    else:
        yield met("Kubernetes version", f"It is {shown}, and {oldest} is enough.")
