"""Roles name what they grant."""

from collections.abc import Iterator

from policies.resources import Resource
from policies.roles import ROLES
from policies.rule import Bounds, ResourceRule, Severity

_FIELDS = ("apiGroups", "resources", "verbs", "nonResourceURLs")


def check(role: Resource, _bounds: Bounds) -> Iterator[str]:
    """Yield each rule of a role with a star."""
    for index, rule in enumerate(role["rules"].items()):
        stars = [field for field in _FIELDS if any("*" in text for text in rule[field].texts())]
        if stars:
            yield f"Rule {index} grants everything by a star in {', '.join(stars)}."


RULE = ResourceRule(
    name="roles-name-what-they-grant",
    promise="No role grants what nobody has named.",
    severity=Severity.HIGH,
    to_do="List the API groups, resources and verbs that are needed.",
    controls=("CIS Kubernetes 1.12 5.1.3", "CIS EKS 1.8 4.1.3", "NSA C-0035"),
    types=ROLES,
    check=check,
)
