"""The kubeconfig names a cluster, and its API server answers with a version that is new enough."""

from collections.abc import Iterator

from ready.facts import NOT_LOGGED_IN, Facts, NoCredentials, Unknown
from ready.finding import Finding, met, not_met, not_seen
from ready.needs import Needs

# `persistentVolumeClaimRetentionPolicy` is on by default since then.
_OLDEST = (1, 27)


def check(needs: Needs, facts: Facts) -> Iterator[Finding]:
    """Yield whether there is such a context, and whether its API server answers."""
    connection, version = facts.cluster.connection, facts.cluster.version
    wanted = needs.settings.cluster.context
    if isinstance(connection, Unknown):
        yield _unusable(connection, wanted)
        yield not_seen("Kubernetes version", "no cluster was reached")
        return
    said = "as cluster.context says" if wanted else "the current one, because cluster.context is not set"
    yield met("kubeconfig", f"It has the context {connection.context}, {said}.")
    yield _silent(connection.server, version) if isinstance(version, Unknown) else _new_enough(version)


def _unusable(connection: Unknown, wanted: str | None) -> Finding:
    why = connection.why.rstrip(".")
    if isinstance(connection, NoCredentials):
        fix = "Log in (with IAM Identity Center: aws sso login), or install the program that the kubeconfig names."
        return not_met("kubeconfig", f"Its user gets no credentials: {why}.", fix)
    fix = "Name a kubeconfig in KUBECONFIG or FAWKES_KUBECONFIG"
    fix += f" that has the context {wanted}, or correct cluster.context." if wanted else "."
    return not_met("kubeconfig", f"It cannot be used: {why}.", fix)


def _silent(server: str, version: Unknown) -> Finding:
    why = version.why.rstrip(".")
    if version.status in NOT_LOGGED_IN:
        fix = "Log in anew, or name another context."
        return not_met("Kubernetes version", f"{server} refuses these credentials: {why}.", fix)
    fix = "Correct the server's address, route, proxy or certificate authority."
    return not_met("Kubernetes version", f"{server} does not tell its version: {why}.", fix)


def _new_enough(version: tuple[int, int]) -> Finding:
    shown, oldest = ".".join(map(str, version)), ".".join(map(str, _OLDEST))
    if version < _OLDEST:
        return not_met("Kubernetes version", f"It is {shown}, older than {oldest}.", "Upgrade the cluster.")
    return met("Kubernetes version", f"It is {shown}, and {oldest} is enough.")
