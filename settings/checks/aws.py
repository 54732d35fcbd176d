"""Checks of the settings that apply to Amazon Web Services only."""

import difflib
import re
from collections.abc import Iterator

from settings.aws_regions import PARTITION_OF
from settings.object_store import Aws
from settings.problems import Problem, shown
from settings.stack import StackSettings

# What `aws eks update-kubeconfig` names a context by: partition, region, account and name of the cluster.
_EKS_ARN = re.compile(r"arn:(aws[a-z-]*):eks:([a-z0-9-]+):([0-9]{12}):cluster/([0-9A-Za-z_-]+)")
# Tempo's S3 client exchanges IRSA's token at `sts.<region>` in one of these domains, whatever the partition.
_IRSA_DOMAINS = ("amazonaws.com", "amazonaws.com.cn")


def the_region_exists(settings: StackSettings) -> Iterator[Problem]:
    """A region that does not exist is an endpoint that does not resolve: nothing could be created there."""
    store = settings.object_store
    if store.kind != "aws_s3" or store.region in PARTITION_OF:
        return
    close = difflib.get_close_matches(store.region, PARTITION_OF, n=3)
    yield Problem(
        "object_store.region",
        "is not a region of Amazon S3 that this release knows",
        shown(store.region),
        " or ".join(close) or "a region such as eu-west-1",
        "Correct it. A region that Amazon has added since belongs into settings/aws_regions.py.",
    )


def arns_are_of_the_regions_partition(settings: StackSettings) -> Iterator[Problem]:
    """A role or provider of another partition cannot be used: partitions share no accounts."""
    store = settings.object_store
    partition = PARTITION_OF.get(store.region)
    if store.aws is None or partition is None:
        return
    for name, arn in _arns(store.aws):
        if (found := arn.split(":")[1]) != partition.name:
            yield Problem(
                f"object_store.aws.{name}",
                f"is in another partition than object_store.region {shown(store.region)}",
                shown(f"arn:{found}:…"),
                f"arn:{partition.name}:…",
                "Correct one of the two.",
            )


def arns_are_of_one_account(settings: StackSettings) -> Iterator[Problem]:
    """The assumed role decides the account, and Tempo's role trusts an OIDC provider of its own account only."""
    aws = settings.object_store.aws
    if aws is None:
        return
    arns = list(_arns(aws))
    expected = [("object_store.aws.account_id", aws.account_id)] if aws.account_id else []
    expected += [(f"object_store.aws.{name}", arn.split(":")[4]) for name, arn in arns]
    for name, arn in arns:
        (source, account), found = expected[0], arn.split(":")[4]
        if found != account:
            yield Problem(
                f"object_store.aws.{name}",
                f"is of another account than {source}",
                found,
                str(account),
                "Correct one of the two.",
            )


def the_context_is_the_eks_cluster(settings: StackSettings) -> Iterator[Problem]:
    """Tempo's role trusts the Pods of the EKS cluster: Tempo in another cluster could not use its bucket.

    A context with a name of its own says nothing; `make ready` compares where it leads to.
    """
    store, context = settings.object_store, settings.cluster.context
    partition = PARTITION_OF.get(store.region)
    found = _EKS_ARN.fullmatch(context or "")
    if store.aws is None or partition is None or found is None:
        return
    account = store.aws.account_id or found[3]
    wanted = f"arn:{partition.name}:eks:{store.region}:{account}:cluster/{store.aws.eks_cluster}"
    if context != wanted:
        yield Problem(
            "cluster.context",
            "is another EKS cluster than object_store names, whose Pods Tempo's role trusts",
            shown(context),
            shown(wanted),
            "Correct it, or object_store.region, object_store.aws.account_id or object_store.aws.eks_cluster.",
        )


def irsa_finds_its_token_service(settings: StackSettings) -> Iterator[Problem]:
    """With IRSA Tempo itself asks the token service, whose host its client knows in some partitions only."""
    store = settings.object_store
    partition = PARTITION_OF.get(store.region)
    if store.aws is None or partition is None or partition.dns_suffix in _IRSA_DOMAINS:
        return
    if store.aws.identity == "irsa":
        yield Problem(
            "object_store.aws.identity",
            f"does not work in {store.region}: Tempo's S3 client looks for the token service below amazonaws.com",
            '"irsa"',
            '"pod_identity"',
            "Set it to pod_identity.",
        )


def _arns(aws: Aws) -> Iterator[tuple[str, str]]:
    """Yield the settings that hold an ARN: that which decides the account comes first."""
    for name, arn in (("assume_role_arn", aws.assume_role_arn), ("oidc_provider_arn", aws.oidc_provider_arn)):
        if arn is not None:
            yield name, arn
