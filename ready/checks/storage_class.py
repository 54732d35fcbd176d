"""A StorageClass makes the stack's volumes, can enlarge and encrypt them, and makes them where their Pods run."""

from collections.abc import Iterator

from ready.add_ons import EBS_DRIVER, installation
from ready.facts import ClusterFacts, Facts, StorageClass, known
from ready.finding import Finding, listed, met, not_met, not_seen
from ready.needs import Needs

_EBS_DRIVER, _AUTO_MODE_DRIVER = "ebs.csi.aws.com", "ebs.csi.eks.amazonaws.com"
# Provisioners inside Kubernetes whose work a CSI driver does since 1.23 (KEP-625).
_MIGRATED = {"kubernetes.io/aws-ebs": _EBS_DRIVER}
_DEFAULT = "storageclass.kubernetes.io/is-default-class"


def check(needs: Needs, facts: Facts) -> Iterator[Finding]:
    """Yield whether there is a class, then what it must be able to do."""
    if not needs.claims:
        return
    classes = known(facts.cluster.storage_classes)
    chosen = _chosen(needs.settings.cluster.storage_class, classes)
    if isinstance(chosen, Finding):
        yield chosen
        return
    why = "cluster.storage_class" if needs.settings.cluster.storage_class else "the cluster's only default"
    yield met("StorageClass", f"{chosen.name} exists; it is {why}.")
    yield _expansion(chosen)
    yield from _binding(chosen, needs, facts.cluster)
    yield _encryption(chosen)
    yield _driver(chosen, needs, facts.cluster)


def _chosen(named: str | None, classes: tuple[StorageClass, ...]) -> StorageClass | Finding:
    """Return the class of the stack's claims, or why there is none."""
    names = listed([one.name for one in classes]) or "none"
    if named:
        found = [one for one in classes if one.name == named]
        fix = "Correct cluster.storage_class, or create the class."
        return found[0] if found else not_met("StorageClass", f"{named} does not exist; there are: {names}.", fix)
    defaults = [one for one in classes if one.default]
    if len(defaults) == 1:
        return defaults[0]
    what = f"These are defaults: {listed([one.name for one in defaults])}" if defaults else "None is the default"
    return not_met(
        "StorageClass",
        f"{what}, and cluster.storage_class is not set, so claims would "
        f"{'get one of them by their age' if defaults else 'stay Pending'}; there are: {names}.",
        f"Set cluster.storage_class, or make one the default: kubectl annotate storageclass NAME {_DEFAULT}=true",
    )


def _expansion(chosen: StorageClass) -> Finding:
    if chosen.expands:
        return met("larger volumes", f"{chosen.name} allows expansion.")
    fix = f"""Allow it: kubectl patch storageclass {chosen.name} -p '{{"allowVolumeExpansion": true}}'"""
    return not_met("larger volumes", f"{chosen.name} does not allow to enlarge a volume later.", fix)


def _encryption(chosen: StorageClass) -> Finding:
    if chosen.encrypts:
        return met("encrypted volumes", f"{chosen.name} encrypts its volumes.")
    if _MIGRATED.get(chosen.provisioner, chosen.provisioner) in (_EBS_DRIVER, _AUTO_MODE_DRIVER):
        why = f"{chosen.name} leaves it to the account's default"
        fix = 'Use a class with the parameter encrypted: "true", or see: aws ec2 get-ebs-encryption-by-default'
        return not_seen("encrypted volumes", why, fix)
    return not_seen(
        "encrypted volumes", f"{chosen.provisioner} decides it", "Check that it encrypts volumes at rest."
    )


def _binding(chosen: StorageClass, needs: Needs, cluster: ClusterFacts) -> Iterator[Finding]:
    """Yield whether a volume is made in its Pod's zone, where zones matter."""
    if chosen.waits:
        yield met("volumes' zones", f"{chosen.name} creates a volume in the zone of its Pod.")
        return
    zones = {node.zone for node in known(cluster.nodes) if node.zone}
    if needs.settings.tempo.require_zones or len(zones) > 1:
        yield not_met(
            "volumes' zones",
            f"{chosen.name} creates a volume before its Pod is scheduled, in any of {len(zones)} zones.",
            "Use a class with volumeBindingMode: WaitForFirstConsumer; the mode of a class cannot be changed.",
        )
    else:
        yield met("volumes' zones", f"{chosen.name} binds immediately, which is safe: nodes are in one zone.")


def _driver(chosen: StorageClass, needs: Needs, cluster: ClusterFacts) -> Finding:
    driver = _MIGRATED.get(chosen.provisioner, chosen.provisioner)
    if driver in known(cluster.csi_drivers):
        return met("CSI driver", f"{driver} is installed.")
    if "csi" not in driver:
        why = f"{driver} is not a CSI driver, and other provisioners do not register themselves"
        return not_seen("CSI driver", why, "Check that it runs.")
    sentence = f"{driver}, which {chosen.name} needs, is not installed."
    return not_met("CSI driver", sentence, _installation(driver, needs))


def _installation(driver: str, needs: Needs) -> str:
    if driver == _AUTO_MODE_DRIVER:
        return "It is a part of EKS Auto Mode: turn that on, or choose a class of another driver."
    if driver != _EBS_DRIVER:
        return "Install it, or choose a class of another driver."
    return (
        f"Install it; on EKS it is an add-on: {installation(EBS_DRIVER, needs)} "
        "--pod-identity-associations serviceAccount=ebs-csi-controller-sa,roleArn=ROLE (with IRSA: "
        "--service-account-role-arn ROLE). The role needs the policy AmazonEBSCSIDriverPolicy."
    )
