"""cert-manager's resource definitions, and an authority for stacks with TLS on the lab's own node."""

from collections.abc import Callable
from pathlib import Path

import yaml

from lab.node.api import Api
from lab.node.layout import CERTIFICATE_ISSUER, NodeFolder
from lab.node.templates import manifests

_GROUP, _VERSION = "cert-manager.io", "v1"
_API = f"/apis/{_GROUP}/{_VERSION}"
_PLURALS = ("certificaterequests", "certificates", "clusterissuers", "issuers")
_ISSUER = f"{_API}/clusterissuers/{CERTIFICATE_ISSUER}"
# Takes a part's name and a condition, and raises LabError when the part does not come up.
Wait = Callable[[str, Callable[[], bool]], None]


def define(api: Api, folder: Path, wait: Wait) -> None:
    """Create the resource definitions, which the build puts into `folder`, and wait until they are served."""
    for plural in _PLURALS:
        api.apply(yaml.safe_load((folder / f"{_GROUP}_{plural}.yaml").read_text(encoding="utf-8")))
    wait("cert-manager's API", lambda: set(_PLURALS) <= _served(api))


def create(api: Api, folder: NodeFolder, wait: Wait) -> None:
    """Create the authority and its ClusterIssuer, and wait until that can sign."""
    for manifest in manifests("issuer.yaml", folder):
        api.apply(manifest)
    wait("the certificate issuer", lambda: _is_ready(api))


def _served(api: Api) -> set[str]:
    found = api.object(_API) or {}
    return {resource["name"] for resource in found.get("resources", [])}


def _is_ready(api: Api) -> bool:
    conditions = (api.object(_ISSUER) or {}).get("status", {}).get("conditions", [])
    return any(one["type"] == "Ready" and one["status"] == "True" for one in conditions)
