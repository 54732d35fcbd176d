"""Requests to a cluster: to its API server, and through that to a Service, without a port-forward or a route."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any, TypeVar

import urllib3
from kubernetes import client
from kubernetes.client.exceptions import ApiException

from lab.cluster.kubeconfig import client_of
from lab.errors import LabError

# To connect, and between two parts of an answer; the client itself would wait forever.
TIMEOUTS_SECONDS = (10.0, 30.0)
_Value = TypeVar("_Value")


class ClusterError(LabError):
    """An API server's refusal, with its HTTP status and message; status 0 when it did not answer."""

    def __init__(self, what: str, fix: str, status: int = 0, said: str = "") -> None:
        """Keep the status and the message beside the two sentences."""
        super().__init__(what, fix)
        self.status, self.said = status, said


@dataclass(frozen=True)
class Service:
    """A Service and one of its ports."""

    namespace: str
    name: str
    port: int

    def __str__(self) -> str:
        """Return a phrase for an error."""
        return f"Service {self.name} in {self.namespace}"


@dataclass(frozen=True)
class Answered:
    """An answer of a Service; status 0 and the reason as its body when there was none."""

    status: int
    body: bytes
    content_type: str = "text/plain"


class Cluster:
    """One cluster, reached with a kubeconfig."""

    def __init__(self, kubeconfig: Path, *, direct: bool = False) -> None:
        """Read the kubeconfig; LabError when it cannot be used. `direct`: without the environment's proxy."""
        self.kubeconfig = kubeconfig
        self.api = client_of(kubeconfig, direct=direct)
        self.core = client.CoreV1Api(self.api)

    @property
    def host(self) -> str:
        """The API server's URL."""
        return str(self.api.configuration.host)

    def answers(self) -> None:
        """Raise LabError unless the API server answers and accepts our credentials."""
        self.ask(client.VersionApi(self.api).get_code)

    def ask(self, call: Callable[..., _Value], *arguments: object, **options: object) -> _Value:
        """Return the result of a call of the Kubernetes client; ClusterError if it is refused or not answered."""
        try:
            return call(*arguments, **options, _request_timeout=TIMEOUTS_SECONDS)
        except ApiException as error:
            raise self._refusal(error) from error
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise self._no_answer(reason(error)) from error
        except ValueError as error:
            what = f"The server at {self.host} is not a Kubernetes API server."
            raise ClusterError(what, f"Correct {self.kubeconfig}.") from error

    def _refusal(self, error: ApiException) -> ClusterError:
        status, said = int(error.status or 0), api_server_message(error.body) or str(error.reason)
        if status not in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
            return self._no_answer(f"{status} {said}" if status else reason(error), status, said)
        what = f"The cluster at {self.host} refuses the credentials in {self.kubeconfig}: {status} {said}"
        return ClusterError(what, "Renew them, or name another kubeconfig.", status, said)

    def _no_answer(self, why: str, status: int = 0, said: str = "") -> ClusterError:
        what = f"The cluster at {self.host} does not answer: {why}"
        fix = f"Is it up, and are the address and the certificates in {self.kubeconfig} right?"
        return ClusterError(what, fix, status, said)

    def request(
        self, service: Service, path: str, headers: Mapping[str, str] | None = None, body: bytes | None = None
    ) -> tuple[int, bytes]:
        """Return status and body of a GET, or of a POST of a body; status 0 and the reason when no answer came."""
        answer = self.answer(service, path, headers, body)
        return answer.status, answer.body

    def answer(
        self,
        service: Service,
        path: str,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        most_bytes: int | None = None,
    ) -> Answered:
        """Return the answer to a GET, or to a POST of a body; one of more than `most_bytes` counts as none."""
        # The client's own methods for this subresource take neither a query nor a body.
        proxied = f"/api/v1/namespaces/{service.namespace}/services/{service.name}:{service.port}/proxy{path}"
        prepared = self.api.param_serialize(
            "GET" if body is None else "POST",
            proxied,
            header_params=dict(headers or {}),
            body=body,
            auth_settings=["BearerToken"],
        )
        try:
            response = self.api.call_api(*prepared, _request_timeout=TIMEOUTS_SECONDS)
            return _read(response, most_bytes)
        except (ApiException, urllib3.exceptions.HTTPError, OSError) as error:
            return Answered(0, reason(error).encode())


def _read(response: Any, most_bytes: int | None) -> Answered:  # noqa: ANN401 - the client's is untyped
    if most_bytes is None:
        content = bytes(response.read())
    else:
        content = bytes(response.response.read(most_bytes + 1, decode_content=True))
        if len(content) > most_bytes:
            # What was not read must not be taken for the next answer on this connection.
            response.response.close()
            return Answered(0, f"it is larger than {most_bytes // 2**20} MiB: ask for less".encode())
        response.response.release_conn()
    return Answered(int(response.status), content, response.headers.get("Content-Type", "text/plain"))


def api_server_message(body: str | bytes | None) -> str | None:
    """Return the message of an answer that the API server itself made; None for a Service's own answer."""
    try:
        answer: Any = json.loads(body or b"")
    except ValueError:
        return None
    if not isinstance(answer, dict) or answer.get("kind") != "Status":
        return None
    return str(answer.get("message") or answer.get("reason") or "")


def reason(error: Exception) -> str:
    """Return the innermost of the errors that the HTTP library nests, on one line."""
    while isinstance(inner := getattr(error, "reason", None), Exception):
        error = inner
    text = str(inner) if isinstance(error, ApiException) and inner else str(error)
    return " ".join(text.split()) or type(error).__name__
