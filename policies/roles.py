"""Roles of Kubernetes, and what they grant."""

from policies.objects import kind
from policies.property import Property
from policies.resources import Resource

_GROUP = "kubernetes:rbac.authorization.k8s.io/v1"
ROLES = (f"{_GROUP}:ClusterRole", f"{_GROUP}:Role")
BINDINGS = (f"{_GROUP}:ClusterRoleBinding", f"{_GROUP}:RoleBinding")


def is_cluster_wide(role: Resource) -> bool:
    """Return whether a role may hold in all namespaces."""
    return kind(role) == "ClusterRole"


def grants(rule: Property, group: str, resource: str) -> bool:
    """Return whether a rule names a resource of an API group; stars are the matter of a rule of their own."""
    return group in rule["apiGroups"].texts() and resource in rule["resources"].texts()
