"""What the engine's plugins cannot change in place, so that another value replaces the resource.

A resource of a type that is not named here counts as changed in place, whatever changes in it.
"""

from collections.abc import Iterator, Mapping, Sequence

from snapshot.differences import Path
from snapshot.recorder import Registration

_OBJECTS = "kubernetes:"
# Of every Kubernetes object. This and the next tables are transcribed from the Kubernetes plugin's diff.go.
_OF_OBJECTS: tuple[Path, ...] = (("metadata", "name"), ("metadata", "namespace"))
_OF_KINDS: Mapping[str, tuple[Path, ...]] = {
    "kubernetes:apps/v1:DaemonSet": (("spec", "selector"),),
    "kubernetes:apps/v1:Deployment": (("spec", "selector"),),
    "kubernetes:apps/v1:StatefulSet": tuple(
        ("spec", name)
        for name in (
            "podManagementPolicy",
            "revisionHistoryLimit",
            "selector",
            "serviceName",
            "volumeClaimTemplates",
        )
    ),
    "kubernetes:batch/v1:Job": tuple(
        ("spec", name) for name in ("completions", "parallelism", "selector", "template")
    ),
    "kubernetes:core/v1:Secret": (("data",), ("stringData",), ("type",)),
    "kubernetes:core/v1:Service": (("spec", "clusterIP"),),
    "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding": (("roleRef",),),
}
# The plugin changes them in place only with this setting of the provider, and only in an object that is mutable.
_CONFIG_MAP, _MUTABLE = "kubernetes:core/v1:ConfigMap", "enableConfigMapMutable"
_OF_CONFIG_MAPS: tuple[Path, ...] = (("data",), ("binaryData",))
# Transcribed from the AWS plugin's schemas: arguments that force a new resource, of those that this program sets.
_OF_AWS: Mapping[str, tuple[Path, ...]] = {
    "aws:eks/podIdentityAssociation:PodIdentityAssociation": (
        ("clusterName",),
        ("namespace",),
        ("serviceAccount",),
    ),
    "aws:iam/role:Role": (("name",),),
    "aws:iam/rolePolicy:RolePolicy": (("name",), ("role",)),
    "aws:kms/alias:Alias": (("name",),),
    # Key usage and key spec, which this program leaves at their defaults.
    "aws:kms/key:Key": (),
    "aws:s3/bucket:Bucket": (("bucket",), ("objectLockEnabled",)),
    **{
        f"aws:s3/{name[0].lower()}{name[1:]}:{name}": (("bucket",),)
        for name in (
            "BucketLifecycleConfiguration",
            "BucketLogging",
            "BucketOwnershipControls",
            "BucketPolicy",
            "BucketPublicAccessBlock",
            "BucketServerSideEncryptionConfiguration",
            "BucketVersioning",
        )
    },
}
# A random value is drawn once: every input replaces it.
_RANDOM = "random:"
_EVERYTHING: Path = ()
# Types that carry the tags of their provider, of those that this program creates.
_TAGGED = frozenset(
    {
        "aws:eks/podIdentityAssociation:PodIdentityAssociation",
        "aws:iam/role:Role",
        "aws:kms/key:Key",
        "aws:s3/bucket:Bucket",
    }
)


def replacing_paths(resource: Registration, provider: Mapping[str, object]) -> Sequence[Path]:
    """Return the paths of inputs that cannot change in place; `provider` holds the inputs of the provider."""
    if resource.type.startswith(_RANDOM):
        return [_EVERYTHING]
    if not resource.type.startswith(_OBJECTS):
        return _OF_AWS.get(resource.type, ())
    if resource.type == _CONFIG_MAP:
        in_place = _is_on(provider.get(_MUTABLE)) and not resource.inputs.get("immutable")
        return _OF_OBJECTS if in_place else [*_OF_OBJECTS, *_OF_CONFIG_MAPS]
    return [*_OF_OBJECTS, *_OF_KINDS.get(resource.type, ())]


def paths_by_provider(kind: str, was: Mapping[str, object], is_now: Mapping[str, object]) -> Iterator[Path]:
    """Yield what changes in a resource of a type because the inputs of its provider do.

    Another context of the kubeconfig is nothing: the Kubernetes plugin takes it for another cluster only with a
    kubeconfig or an identifier among the inputs, and this program sets neither.
    """
    if kind in _TAGGED and was.get("defaultTags") != is_now.get("defaultTags"):
        yield ("tagsAll",)


def types_with_rules() -> frozenset[str]:
    """Return the AWS types that this module knows; another one would never count as replaced."""
    return frozenset(_OF_AWS)


def _is_on(value: object) -> bool:
    """Return whether a provider's setting is on; the SDK hands it to the plugin as text."""
    return value in (True, "true")
