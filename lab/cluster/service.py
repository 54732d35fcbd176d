"""HTTP to a Service inside a cluster, through the API server: no port to forward, no route to have."""

import json
from collections.abc import Callable, Mapping
from http import HTTPStatus
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar
from urllib.parse import urlencode

import urllib3
from kubernetes import client
from kubernetes.client.exceptions import ApiException

from lab.cluster.kubeconfig import client_of
from lab.errors import LabError

# To connect, and between two parts of an answer; the client itself would wait for ever.
TIMEOUTS_SECONDS = (10.0, 30.0)
_NOTHING: Mapping[str, str] = MappingProxyType({})
_Value = TypeVar("_Value")


class ClusterError(LabError):
    """An API server's refusal, with its HTTP status and message; or its silence, with status 0."""

    def __init__(self, what: str, fix: str, status: int = 0, said: str = "") -> None:
        """Keep all four."""
        super().__init__(what, fix)
        self.status, self.said = status, said


class Cluster:
    """One cluster, reached with a kubeconfig."""

    def __init__(self, kubeconfig: Path, *, direct: bool = False) -> None:
        """Read the kubeconfig; raise LabError when it is none. `direct`: a proxy knows nothing of it."""
        self.kubeconfig = kubeconfig
        self.api = client_of(kubeconfig, direct=direct)
        self.core = client.CoreV1Api(self.api)

    def answers(self) -> None:
        """Raise LabError unless the API server answers and knows us."""
        self.ask(client.VersionApi(self.api).get_code)

    def ask(self, call: Callable[..., _Value], *arguments: object, **options: object) -> _Value:
        """Return what a call of the Kubernetes client returns; ClusterError when it is refused or not answered."""
        try:
            return call(*arguments, **options, _request_timeout=TIMEOUTS_SECONDS)
        except ApiException as error:
            raise self._refusal(error) from error
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise self._silence(reason(error)) from error
        except ValueError as error:
            host = self.api.configuration.host
            raise ClusterError(
                f"What answers at {host} is no Kubernetes.", f"Correct {self.kubeconfig}."
            ) from error

    def _refusal(self, error: ApiException) -> "ClusterError":
        status, said = int(error.status or 0), api_servers_words(error.body) or str(error.reason)
        if status not in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
            return self._silence(f"{status} {said}" if status else reason(error), status, said)
        host = self.api.configuration.host
        what = f"The cluster at {host} refuses the credentials in {self.kubeconfig}: {status} {said}"
        return ClusterError(what, "Renew them, or name another kubeconfig.", status, said)

    def _silence(self, why: str, status: int = 0, said: str = "") -> "ClusterError":
        what = f"The cluster at {self.api.configuration.host} does not answer: {why}"
        fix = f"Is it up, and are address and certificates in {self.kubeconfig} right?"
        return ClusterError(what, fix, status, said)

    def get(
        self, service: "Service", path: str, headers: Mapping[str, str] = _NOTHING, **query: str | int
    ) -> tuple[int, bytes]:
        """Return status and body of a GET; status 0 and why, when no answer came."""
        return self._call(service, "GET", f"{path}?{urlencode(query)}" if query else path, None, headers)

    def post(self, service: "Service", path: str, body: bytes, content_type: str) -> tuple[int, bytes]:
        """Return status and body of a POST; status 0 and why, when no answer came."""
        return self._call(service, "POST", path, body, {"Content-Type": content_type})

    def _call(
        self, service: "Service", method: str, path: str, body: bytes | None, headers: Mapping[str, str]
    ) -> tuple[int, bytes]:
        path = f"/api/v1/namespaces/{service.namespace}/services/{service.name}:{service.port}/proxy{path}"
        prepared = self.api.param_serialize(
            method, path, header_params=dict(headers), body=body, auth_settings=["BearerToken"]
        )
        try:
            response = self.api.call_api(*prepared, _request_timeout=TIMEOUTS_SECONDS)
            return int(response.status), bytes(response.read())  # type: ignore[no-untyped-call]  # untyped
        except (ApiException, urllib3.exceptions.HTTPError, OSError) as error:
            return 0, reason(error).encode()


class Service:
    """A Service's name, namespace and port."""

    def __init__(self, namespace: str, name: str, port: int) -> None:
        """Keep the three."""
        self.namespace, self.name, self.port = namespace, name, port


def api_servers_words(body: str | bytes | None) -> str | None:
    """Return the message of an answer that the API server itself made; None for a Service's own answer."""
    try:
        said: Any = json.loads(body or b"")
    except ValueError:
        return None
    if not isinstance(said, dict) or said.get("kind") != "Status":
        return None
    return str(said.get("message") or said.get("reason") or "")


def reason(error: Exception) -> str:
    """Return the innermost of the errors that the HTTP library wraps in each other, on one line."""
    while isinstance(inner := getattr(error, "reason", None), Exception):
        error = inner
    text = str(inner) if isinstance(error, ApiException) and inner else str(error)
    return " ".join(text.split()) or type(error).__name__
