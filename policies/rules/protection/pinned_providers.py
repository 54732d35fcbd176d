"""Providers name where they deploy to."""

from collections.abc import Iterator

from pydantic import Field

from policies.resources import Resource
from policies.rule import Bounds, ResourceRule, Severity

_AWS, _KUBERNETES = "pulumi:providers:aws", "pulumi:providers:kubernetes"


class ProviderBounds(Bounds):
    """What a provider has to name."""

    aws_account: bool = Field(
        False, description="Whether the AWS provider accepts credentials of one account only: allowedAccountIds."
    )
    cluster: bool = Field(
        False,
        description="Whether the Kubernetes provider names a context or a kubeconfig instead of the current one.",
    )


def check(provider: Resource, bounds: ProviderBounds) -> Iterator[str]:
    """Yield a provider that the shell of whoever deploys chooses."""
    # The engine names its own providers so, also with a version at the end.
    if provider.name.startswith("default"):
        yield "Resources use the engine's default provider, so the shell chooses their account or cluster."
        return
    if provider.type == _AWS:
        if not provider["region"].text(""):
            yield "The provider names no region."
        if bounds.aws_account and not provider["allowedAccountIds"].text(""):
            yield "The provider accepts the credentials of any account."
    elif bounds.cluster and not (provider["context"].text("") or provider["kubeconfig"].text("")):
        yield "The provider deploys to whichever cluster is the kubeconfig's current one."


RULE = ResourceRule(
    name="providers-are-pinned",
    promise="The stack file, not the shell, decides where a stack is deployed.",
    severity=Severity.HIGH,
    to_do="Set object_store.aws.region and account_id, and cluster.context, and pass the program's own providers.",
    bounds=ProviderBounds,
    types=(_AWS, _KUBERNETES),
    check=check,
)
