"""Tempo's Pods can get their role: the Pod Identity Agent runs, or IAM trusts the cluster's OIDC provider."""

from collections.abc import Iterator

from ready.add_ons import POD_IDENTITY_AGENT, installation
from ready.facts import AwsFacts, ClusterFacts, EksCluster, Facts, known
from ready.finding import Finding, met, not_met
from ready.needs import Needs
from render.names import IRSA_AUDIENCE


def check(needs: Needs, facts: Facts) -> Iterator[Finding]:
    """Yield whether what `object_store.aws.identity` names is there."""
    aws = needs.settings.object_store.aws
    if aws is None or facts.aws is None:
        return
    if aws.identity == "pod_identity":
        yield _agent(needs, facts.aws, facts.cluster)
    else:
        yield _provider(aws.oidc_provider_arn or "", facts.aws, facts.cluster)


def _agent(needs: Needs, aws: AwsFacts, kubernetes: ClusterFacts) -> Finding:
    requirement = "Pod Identity Agent"
    if isinstance(aws.cluster, EksCluster) and aws.cluster.auto_mode:
        return met(requirement, "The EKS cluster is in Auto Mode, which has it built in.")
    if aws.addon == "ACTIVE":
        return met(requirement, f"The add-on {POD_IDENTITY_AGENT} is ACTIVE.")
    # The agent may also be installed without the add-on.
    rollout = known(kubernetes.agent)
    if rollout is None:
        return not_met(
            requirement,
            f"Neither the add-on {POD_IDENTITY_AGENT} nor its DaemonSet is there.",
            f"Install it: {installation(POD_IDENTITY_AGENT, needs)}",
        )
    ready = f"{rollout.ready} of {rollout.desired} Pods of the DaemonSet {POD_IDENTITY_AGENT} are ready"
    if rollout.ready < max(rollout.desired, 1):
        return not_met(
            requirement, f"{ready}.", f"Repair it: kubectl -n kube-system describe ds {POD_IDENTITY_AGENT}"
        )
    return met(requirement, f"{ready}.")


def _provider(arn: str, aws: AwsFacts, kubernetes: ClusterFacts) -> Finding:
    requirement = "OIDC provider"
    provider = known(aws.provider)
    # EKS names the issuer of the cluster in the settings; without its answer the API server names its own.
    issuer = aws.cluster.issuer if isinstance(aws.cluster, EksCluster) else known(kubernetes.issuer)
    if provider is None:
        fix = f"Create it for {issuer}, or correct object_store.aws.oidc_provider_arn."
        return not_met(requirement, f"IAM has no OIDC provider {arn}.", fix)
    if _without_scheme(provider.url) != _without_scheme(issuer):
        fix = "Name the provider of this cluster's issuer in object_store.aws.oidc_provider_arn."
        return not_met(requirement, f"{arn} is for {provider.url}, and the cluster's issuer is {issuer}.", fix)
    if IRSA_AUDIENCE not in provider.audiences:
        add = "aws iam add-client-id-to-open-id-connect-provider"
        fix = f"Add it: {add} --open-id-connect-provider-arn {arn} --client-id {IRSA_AUDIENCE}"
        return not_met(requirement, f"{arn} does not accept the audience {IRSA_AUDIENCE}.", fix)
    return met(requirement, f"IAM has {arn}, for the cluster's issuer.")


def _without_scheme(url: str) -> str:
    return url.removeprefix("https://").rstrip("/")
