"""The few requests that starting a node makes to its API server.

Plain HTTP instead of the Kubernetes client, whose import alone takes longer
than a second start may.
"""

from http import HTTPStatus
from typing import Any, Self

import requests
import yaml

from lab.errors import LabError
from lab.node.layout import API_URL, NodeFolder

_FIELD_MANAGER = "fawkes-lab"
# (connect, read): a server that is starting refuses at once; one that hangs is asked again.
_TIMEOUT_SECONDS = (1.0, 10.0)


class Api:
    """An administrator's session with the node's API server."""

    def __init__(self, folder: NodeFolder) -> None:
        """Read the administrator's certificate from the node's folder."""
        self._session = requests.Session()
        # A proxy for the internet knows nothing of the node.
        self._session.trust_env = False
        self._session.cert = (f"{folder.pki}/administrator.crt", f"{folder.pki}/administrator.key")
        self._session.verify = f"{folder.pki}/ca.crt"

    def __enter__(self) -> Self:
        """Open nothing: connections are made when they are needed."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connections."""
        self._session.close()

    def ready(self) -> bool:
        """Say whether the server answers and is ready."""
        return self._get("/readyz") is not None

    def object(self, path: str) -> dict[str, Any] | None:
        """Return the object at a path; None when it, or the server, is not there."""
        answer = self._get(path)
        return None if answer is None else answer.json()

    def apply(self, manifest: dict[str, Any]) -> None:
        """Apply a manifest on the server's side; LabError when the server refuses it."""
        answer = self._session.patch(
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
            answer = self._session.get(f"{API_URL}{path}", timeout=_TIMEOUT_SECONDS)
        except requests.RequestException:
            return None
        return answer if answer.status_code == HTTPStatus.OK else None


def object_path(manifest: dict[str, Any]) -> str:
    """Return the path of a manifest's object, for kinds whose plural ends in s or es."""
    version, kind, metadata = manifest["apiVersion"], manifest["kind"].lower(), manifest["metadata"]
    prefix = f"/apis/{version}" if "/" in version else f"/api/{version}"
    namespace = f"/namespaces/{metadata['namespace']}" if "namespace" in metadata else ""
    plural = f"{kind}es" if kind.endswith("s") else f"{kind}s"
    return f"{prefix}{namespace}/{plural}/{metadata['name']}"
