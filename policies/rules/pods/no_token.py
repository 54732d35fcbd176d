"""Pods have no token of the API server unless they need it."""

from collections.abc import Iterator

from pydantic import Field

from policies.objects import kind, name
from policies.pods import WORKLOADS, pod_spec
from policies.resources import Resource
from policies.rule import Bounds, ResourceRule, Severity

_ACCOUNT = "kubernetes:core/v1:ServiceAccount"


class TokenBounds(Bounds):
    """Who may ask the API server."""

    accounts: tuple[str, ...] = Field(
        ("otel-agent",),
        description="Service accounts whose Pods have a token: the agents look up which Pod a span is from.",
    )


def check(resource: Resource, bounds: TokenBounds) -> Iterator[str]:
    """Yield an account or a Pod to which a token is mounted."""
    is_account = kind(resource) == "ServiceAccount"
    spec = resource.properties if is_account else pod_spec(resource)
    account = name(resource) if is_account else spec["serviceAccountName"].text("default")
    if account in bounds.accounts:
        return
    if spec["automountServiceAccountToken"].flag(True):
        who = "Every Pod of this account" if is_account else "The Pod"
        yield f"{who} gets a token of the API server; only those of {', '.join(bounds.accounts) or 'nobody'} may."
    for volume in spec["volumes"].items():
        for source in volume["projected"]["sources"].items():
            token = source["serviceAccountToken"]
            # A token for another audience is of no use at the API server.
            if not token.is_missing and not token["audience"].text(""):
                yield f"volume {volume['name'].text()} holds a token of the API server, as it names no audience."


RULE = ResourceRule(
    name="pods-have-token-only-if-needed",
    promise="Only Pods that ask the API server have a token for it.",
    severity=Severity.HIGH,
    to_do="Set automountServiceAccountToken to false.",
    controls=("CIS Kubernetes 1.12 5.1.6", "NSA C-0034"),
    bounds=TokenBounds,
    types=(*WORKLOADS, _ACCOUNT),
    check=check,
)
