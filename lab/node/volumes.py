"""Provision a folder and a `local` PersistentVolume for every claim of the lab's storage class.

`local` rather than `hostPath`, because the kubelet applies a Pod's `fsGroup` only to the former, and restricted
Pods are not root. The supervisor runs this as `python -m lab.node.volumes NODE-FOLDER`, and again when it exits
because the API server went away.
"""

import shutil
import sys
import threading
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from typing import Any

import urllib3
from kubernetes import client, config, watch

from lab.node.layout import PROVISIONER, STORAGE_CLASS, NodeFolder
from lab.node.templates import manifests

# The server ends a watch after this time, and the list that follows contains every missed change.
_WATCH_SECONDS = 60
Manifest = dict[str, Any]
# The scheduler sets it to the node of the Pod that will use the claim.
_CHOSEN_NODE = "volume.kubernetes.io/selected-node"
_PROVISIONED_BY = "pv.kubernetes.io/provisioned-by"


def wants_volume(claim: Manifest) -> bool:
    """Return whether a claim is of our class, unbound, and awaited by a scheduled Pod."""
    return (
        claim["spec"].get("storageClassName") == STORAGE_CLASS
        and claim["status"].get("phase") == "Pending"
        and not claim["spec"].get("volumeName")
        and _CHOSEN_NODE in claim["metadata"].get("annotations", {})
    )


def is_released(volume: Manifest) -> bool:
    """Return whether a volume is ours, its claim was deleted, and its own deletion has not begun."""
    ours = volume["metadata"].get("annotations", {}).get(_PROVISIONED_BY) == PROVISIONER
    deletable = volume["spec"]["persistentVolumeReclaimPolicy"] == "Delete"
    deleting = "deletionTimestamp" in volume["metadata"]
    return ours and deletable and volume["status"].get("phase") == "Released" and not deleting


def volume_for(claim: Manifest, folder: NodeFolder) -> Manifest:
    """Return a PersistentVolume below `folder`, bound to `claim` and to the node of the claim's Pod."""
    metadata, spec = claim["metadata"], claim["spec"]
    bound = {key: metadata[key] for key in ("namespace", "name", "uid")}
    node, storage = metadata["annotations"][_CHOSEN_NODE], spec["resources"]["requests"]["storage"]
    volume = f"pvc-{metadata['uid']}"
    (manifest,) = manifests("volume.yaml", folder, volume=volume, node=node, storage=storage, **bound)
    manifest["spec"]["accessModes"] = spec["accessModes"]
    return manifest


def _provision(core: client.CoreV1Api, node: NodeFolder, claim: Manifest) -> None:
    if not wants_volume(claim):
        return
    volume = volume_for(claim, node)
    folder = Path(volume["spec"]["local"]["path"])
    folder.mkdir(parents=True, exist_ok=True, mode=0o755)
    try:
        # The client accepts plain documents too, although its types do not.
        core.create_persistent_volume(volume)  # type: ignore[arg-type]
    except client.ApiException as error:
        if error.status != HTTPStatus.CONFLICT:
            raise
        return
    print(f"provisioned {folder} for {claim['metadata']['namespace']}/{claim['metadata']['name']}", flush=True)


def _reclaim(core: client.CoreV1Api, node: NodeFolder, volume: Manifest) -> None:
    if not is_released(volume):
        return
    folder = node.volumes / volume["metadata"]["name"]
    shutil.rmtree(folder, ignore_errors=True)
    core.delete_persistent_volume(volume["metadata"]["name"])
    print(f"deleted {folder}", flush=True)


def main() -> int:
    """Provision and reclaim volumes; return 1 when the API server goes away."""
    folder = NodeFolder(Path(sys.argv[1]))
    config.load_kube_config(str(folder.kubeconfig("super-admin")))  # type: ignore[no-untyped-call]
    core = client.CoreV1Api()
    lost = threading.Event()

    def follow(listing: Callable[..., Any], handle: Callable[..., None]) -> None:
        """Call `handle` with every object, now and after each change, until the server goes away."""
        try:
            while True:
                events = watch.Watch().stream(listing, timeout_seconds=_WATCH_SECONDS)  # type: ignore[no-untyped-call]
                for event in events:
                    if event["type"] in {"ADDED", "MODIFIED"}:
                        handle(core, folder, event["raw_object"])
        except (client.ApiException, urllib3.exceptions.HTTPError, OSError) as error:
            print(f"the API server went away: {error}", flush=True)
        finally:
            lost.set()

    for listing, handle in (
        (core.list_persistent_volume_claim_for_all_namespaces, _provision),
        (core.list_persistent_volume, _reclaim),
    ):
        threading.Thread(target=follow, args=(listing, handle), daemon=True).start()
    lost.wait()
    return 1


if __name__ == "__main__":
    raise SystemExit(main())
