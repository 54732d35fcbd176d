"""The stack holds no resource of a type that no rule reads."""

from collections.abc import Iterator
from fnmatch import fnmatchcase

from pydantic import Field

from policies.resources import Resource
from policies.rule import Bounds, ResourceRule, Severity

_OF_AWS = (
    *("aws:eks/podIdentityAssociation:*", "aws:iam/role:*", "aws:iam/rolePolicy:*", "aws:kms/alias:*"),
    *("aws:kms/key:*", "aws:s3/bucket:*", "aws:s3/bucketLifecycleConfiguration:*", "aws:s3/bucketLogging:*"),
    *("aws:s3/bucketOwnershipControls:*", "aws:s3/bucketPolicy:*", "aws:s3/bucketPublicAccessBlock:*"),
    *("aws:s3/bucketServerSideEncryptionConfiguration:*", "aws:s3/bucketVersioning:*"),
)
_OF_KUBERNETES = (
    *("kubernetes:apps/v1:DaemonSet", "kubernetes:apps/v1:Deployment", "kubernetes:apps/v1:StatefulSet"),
    *(
        "kubernetes:autoscaling/v2:HorizontalPodAutoscaler",
        "kubernetes:batch/v1:CronJob",
        "kubernetes:batch/v1:Job",
    ),
    *("kubernetes:core/v1:ConfigMap", "kubernetes:core/v1:Namespace", "kubernetes:core/v1:PersistentVolumeClaim"),
    *("kubernetes:core/v1:Pod", "kubernetes:core/v1:Secret", "kubernetes:core/v1:Service"),
    *("kubernetes:core/v1:ServiceAccount", "kubernetes:monitoring.coreos.com/v1:ServiceMonitor"),
    "kubernetes:monitoring.coreos.com/v1:PrometheusRule",
    "kubernetes:grafana.integreatly.org/v1beta1:GrafanaDashboard",
    "kubernetes:grafana.integreatly.org/v1beta1:GrafanaDatasource",
    "kubernetes:grafana.integreatly.org/v1beta1:GrafanaFolder",
    "kubernetes:cert-manager.io/v1:Certificate",
    *("kubernetes:networking.k8s.io/v1:NetworkPolicy", "kubernetes:policy/v1:PodDisruptionBudget"),
    "kubernetes:rbac.authorization.k8s.io/v1:*",
    "kubernetes:scheduling.k8s.io/v1:PriorityClass",
)
_OTHERS = ("fawkes:tracing:*", "pulumi:providers:*", "pulumi:pulumi:Stack", "random:index/*")


class TypeBounds(Bounds):
    """Which resources a stack may have."""

    types: tuple[str, ...] = Field(
        (*_OF_AWS, *_OF_KUBERNETES, *_OTHERS), description="Types that rules read; a star stands for any text."
    )


def check(resource: Resource, bounds: TypeBounds) -> Iterator[str]:
    """Yield a sentence for a resource of another type."""
    if not any(fnmatchcase(resource.type, pattern) for pattern in bounds.types):
        yield f"No rule reads a resource of the type {resource.type}, so it could do what other rules refuse."


RULE = ResourceRule(
    name="resources-have-known-types",
    promise="Every resource of the stack is of a type that the rules read.",
    severity=Severity.HIGH,
    to_do="Use a type that the stack has already, or write rules for this one and add it to the bound `types`.",
    bounds=TypeBounds,
    types=("*",),
    check=check,
)
