"""No role lets its holder gain more rights."""

from collections.abc import Iterator

from pydantic import Field

from policies.resources import Resource
from policies.roles import ROLES, grants, is_cluster_wide
from policies.rule import Bounds, ResourceRule, Severity

_POWERS = ("bind", "escalate", "impersonate")
# With one of these a holder runs what it likes under any account, or lets others in. Group and resource.
_WAYS = (
    ("", "nodes/proxy"),
    ("", "pods/attach"),
    ("", "pods/exec"),
    ("", "serviceaccounts/token"),
    ("admissionregistration.k8s.io", "mutatingwebhookconfigurations"),
    ("admissionregistration.k8s.io", "validatingwebhookconfigurations"),
    ("certificates.k8s.io", "certificatesigningrequests/approval"),
)


class RoleBounds(Bounds):
    """What roles may do."""

    cluster_verbs: tuple[str, ...] = Field(
        ("get", "list", "watch"), description="Verbs that a role for all namespaces may grant: reading only."
    )


def check(role: Resource, bounds: RoleBounds) -> Iterator[str]:
    """Yield each rule that leads to more rights than it says."""
    for index, rule in enumerate(role["rules"].items()):
        verbs = {*rule["verbs"].texts()} - {"*"}  # another rule refuses a star
        if powers := sorted(verbs & {*_POWERS}):
            yield f"Rule {index} grants {', '.join(powers)}, and with it any other right."
        elif is_cluster_wide(role) and (writes := sorted(verbs - {*bounds.cluster_verbs})):
            yield (
                f"Rule {index} grants {', '.join(writes)} in all namespaces; allowed: "
                f"{', '.join(bounds.cluster_verbs)}."
            )
        for group, resource in _WAYS:
            if grants(rule, group, resource):
                yield f"Rule {index} grants access to {resource}, and with it to what others run."


RULE = ResourceRule(
    name="roles-grant-no-more-rights",
    promise="Nobody who takes over a Pod of this stack can gain rights from its role.",
    severity=Severity.CRITICAL,
    to_do="Remove the verb or the resource from the role.",
    controls=("CIS Kubernetes 1.12 5.1.8", "CIS EKS 1.8 4.1.8", "NSA C-0002"),
    bounds=RoleBounds,
    types=ROLES,
    check=check,
)
