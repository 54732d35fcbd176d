"""The kubeconfig's cluster is the EKS cluster that the settings name: IAM roles would trust another one's Pods."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from ready.facts import Connection, EksCluster, Facts, Unknown, known
from ready.finding import Finding, met, not_met
from ready.needs import Needs


def check(needs: Needs, facts: Facts) -> Iterator[Finding]:
    """Yield whether EKS knows the cluster, whether it is active, and whether it is the kubeconfig's."""
    aws = needs.settings.object_store.aws
    if aws is None or facts.aws is None:
        return
    name, cluster = f"{aws.eks_cluster} in {needs.settings.object_store.region}", known(facts.aws.cluster)
    if cluster is None:
        fix = "Correct object_store.aws.eks_cluster or object_store.region, or use the account that has it."
        yield not_met("EKS cluster", f"This account has no EKS cluster {name}.", fix)
        return
    if cluster.status == "ACTIVE":
        yield met("EKS cluster", f"{name} is ACTIVE.")
    else:
        yield not_met("EKS cluster", f"{name} is {cluster.status}.", "Wait until it is ACTIVE, or repair it.")
    connection = facts.cluster.connection
    # A cluster that is being created has no endpoint yet.
    if cluster.endpoint and not isinstance(connection, Unknown):
        yield _same(aws.eks_cluster, needs.settings.object_store.region, cluster, connection)


def _same(name: str, region: str, cluster: EksCluster, connection: Connection) -> Finding:
    requirement = "one cluster"
    if _host(cluster.endpoint) == _host(connection.server):
        return met(requirement, f"The context {connection.context} points to the endpoint of {name}.")
    if cluster.authority and cluster.authority == connection.authority:
        what = "the certificate authority of both is the same"
        return met(requirement, f"The context {connection.context} reaches {name} at another address; {what}.")
    return not_met(
        requirement,
        f"The context {connection.context} points to {connection.server}, and the EKS cluster {name} is at "
        f"{cluster.endpoint}, with another certificate authority.",
        f"Make a context for it (aws eks update-kubeconfig --name {name} --region {region}) and name that in "
        "cluster.context, or correct object_store.aws.eks_cluster.",
    )


def _host(url: str) -> str:
    return (urlsplit(url).hostname or url).lower()
