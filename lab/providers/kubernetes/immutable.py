"""Which changes the API server refuses, so that the object must be replaced."""

from dataclasses import dataclass

from lab.providers.values import Json, Path, lookup


@dataclass(frozen=True)
class _Rule:
    """Everything below `under` is fixed, except below one of `but`."""

    under: str
    but: tuple[str, ...] = ()

    def broken(self, old: Json, new: Json, path: str) -> bool:
        """Say whether a change at `path` changes a fixed part: it may be above, as when `spec` goes whole."""
        if _below(self.under, path):
            parts = self.under.split(".")
            return bool(lookup(old, parts) != lookup(new, parts))
        return _below(path, self.under) and not any(_below(path, part) for part in self.but)


_IDENTITY = (_Rule("apiVersion"), _Rule("kind"), _Rule("metadata.name"), _Rule("metadata.namespace"))
_SELECTOR = (_Rule("spec.selector"),)
_ROLE = (_Rule("roleRef"),)

# By group and kind, from the validation of updates in Kubernetes 1.36.
_RULES: dict[tuple[str, str], tuple[_Rule, ...]] = {
    ("", "PersistentVolumeClaim"): (_Rule("spec", but=("spec.resources", "spec.volumeAttributesClassName")),),
    # An image could be changed in place; a Pod of its own is rare enough to be replaced for it.
    ("", "Pod"): (_Rule("spec", but=("spec.activeDeadlineSeconds", "spec.tolerations")),),
    ("", "Secret"): (_Rule("type"),),
    ("", "Service"): (_Rule("spec.clusterIP"), _Rule("spec.clusterIPs")),
    ("apps", "DaemonSet"): _SELECTOR,
    ("apps", "Deployment"): _SELECTOR,
    ("apps", "StatefulSet"): (
        _Rule(
            "spec",
            but=(
                "spec.minReadySeconds",
                "spec.ordinals",
                "spec.persistentVolumeClaimRetentionPolicy",
                "spec.replicas",
                "spec.revisionHistoryLimit",
                "spec.template",
                "spec.updateStrategy",
            ),
        ),
    ),
    ("batch", "Job"): (
        _Rule("spec.backoffLimitPerIndex"),
        _Rule("spec.completionMode"),
        _Rule("spec.completions"),
        _Rule("spec.managedBy"),
        _Rule("spec.podFailurePolicy"),
        _Rule("spec.selector"),
        _Rule("spec.successPolicy"),
        _Rule("spec.template"),
    ),
    ("rbac.authorization.k8s.io", "ClusterRoleBinding"): _ROLE,
    ("rbac.authorization.k8s.io", "RoleBinding"): _ROLE,
    ("scheduling.k8s.io", "PriorityClass"): (_Rule("value"), _Rule("preemptionPolicy")),
    ("storage.k8s.io", "StorageClass"): (
        _Rule("parameters"),
        _Rule("provisioner"),
        _Rule("reclaimPolicy"),
        _Rule("volumeBindingMode"),
    ),
}
_CONTENTS = (_Rule("binaryData"), _Rule("data"), _Rule("stringData"), _Rule("immutable"))


@dataclass(frozen=True)
class Mutability:
    """What the provider's configuration allows to be changed in place.

    As in the real plugin a ConfigMap or Secret is replaced when its contents change, unless
    `enableConfigMapMutable` or `enableSecretMutable` is set; an `immutable` one is replaced in any case.
    """

    config_maps: bool = False
    secrets: bool = False

    def forces_replacement(self, old: Json, new: Json, path: Path) -> bool:
        """Say whether the change from `old` to `new` at this path needs a new object."""
        group = str(old.get("apiVersion", "")).rpartition("/")[0]
        kind = str(old.get("kind", ""))
        rules = _IDENTITY + _RULES.get((group, kind), ())
        if not group and kind in {"ConfigMap", "Secret"} and self._fixed_contents(old, kind):
            rules += _CONTENTS
        text = ".".join(str(part) for part in path)
        return any(rule.broken(old, new, text) for rule in rules)

    def _fixed_contents(self, old: Json, kind: str) -> bool:
        mutable = self.config_maps if kind == "ConfigMap" else self.secrets
        return not mutable or old.get("immutable") is True


def _below(path: str, part: str) -> bool:
    return path == part or path.startswith(f"{part}.")
