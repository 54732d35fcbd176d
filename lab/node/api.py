"""The few HTTP requests that the start of a node makes.

`requests` instead of the Kubernetes client, whose import alone takes longer than the start of a node that already
runs may.
"""

from http import HTTPStatus
from typing import Any

import requests
import yaml

from lab.errors import LabError
from lab.node.layout import API_URL, NodeFolder

_FIELD_MANAGER = "fawkes-lab"
# (connect, read): a server that is starting refuses at once; a request to one that hangs is repeated.
_TIMEOUT_SECONDS = (1.0, 10.0)
# `answers` is called again and again, so it may give up on one answer early.
_ANSWER_SECONDS = 1.0


def answers(url: str, ca: str | None = None) -> bool:
    """Return whether a URL of the node answers without an error; `ca` is the file of its server's authority."""
    with requests.Session() as session:
        # No proxy: one for the internet does not know the node.
        session.trust_env = False
        try:
            return session.get(url, timeout=_ANSWER_SECONDS, verify=ca or True).ok
        # `requests` raises nothing else, also for a `ca` that is not there yet.
        except OSError:
            return False


class Api(requests.Session):
    """An administrator's session with the node's API server, without a proxy."""

    def __init__(self, folder: NodeFolder) -> None:
        """Use the administrator's certificate in the node's folder."""
        super().__init__()
        self.trust_env = False
        self.cert = (f"{folder.pki}/administrator.crt", f"{folder.pki}/administrator.key")
        self.verify = f"{folder.pki}/ca.crt"

    def ready(self) -> bool:
        """Return whether the server answers and is ready."""
        return self._get("/readyz") is not None

    def object(self, path: str) -> dict[str, Any] | None:
        """Return the object at a path; None when the object is absent or the server does not answer."""
        answer = self._get(path)
        return None if answer is None else answer.json()

    def apply(self, manifest: dict[str, Any]) -> None:
        """Apply a manifest by server-side apply; LabError when the server refuses it."""
        answer = self.patch(
            f"{API_URL}{object_path(manifest)}",
            params={"fieldManager": _FIELD_MANAGER, "force": "true"},
            headers={"Content-Type": "application/apply-patch+yaml"},
            data=yaml.safe_dump(manifest),
            timeout=_TIMEOUT_SECONDS,
        )
        if not answer.ok:
            name = f"{manifest['kind']} {manifest['metadata']['name']}"
            raise LabError(f"The API server refused {name}: {answer.text}", "This is a bug in the lab: report it.")

    def _get(self, path: str) -> requests.Response | None:
        try:
            answer = self.get(f"{API_URL}{path}", timeout=_TIMEOUT_SECONDS)
        except requests.RequestException:
            return None
        return answer if answer.status_code == HTTPStatus.OK else None


def object_path(manifest: dict[str, Any]) -> str:
    """Return the path of a manifest's object, for kinds whose plural ends in s or es, and for Endpoints."""
    version, kind, metadata = manifest["apiVersion"], manifest["kind"].lower(), manifest["metadata"]
    prefix = f"/apis/{version}" if "/" in version else f"/api/{version}"
    namespace = f"/namespaces/{metadata['namespace']}" if "namespace" in metadata else ""
    ending = "" if kind == "endpoints" else "es" if kind.endswith("s") else "s"
    plural = f"{kind}{ending}"
    return f"{prefix}{namespace}/{plural}/{metadata['name']}"
