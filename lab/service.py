"""HTTP to a Service inside a cluster, through the API server: no port to forward, no route to have."""

from pathlib import Path
from urllib.parse import urlencode

import urllib3
from kubernetes import client, config
from kubernetes.client.exceptions import ApiException

from lab.errors import LabError

# Of one request; the client itself would wait for ever.
TIMEOUT_SECONDS = 30.0


class Cluster:
    """One cluster, reached with a kubeconfig."""

    def __init__(self, kubeconfig: Path) -> None:
        """Read the kubeconfig; raise LabError when it is none."""
        try:
            self.api = config.new_client_from_config(str(kubeconfig))  # type: ignore[no-untyped-call]  # untyped
        except (config.ConfigException, OSError) as error:
            raise LabError(f"{kubeconfig} is not a usable kubeconfig: {error}.", "Name another.") from error
        self.core = client.CoreV1Api(self.api)

    def answers(self) -> None:
        """Raise LabError unless the API server answers and knows us."""
        try:
            client.VersionApi(self.api).get_code(_request_timeout=TIMEOUT_SECONDS)
        except (ApiException, urllib3.exceptions.HTTPError) as error:
            host = self.api.configuration.host
            raise LabError(f"The cluster at {host} does not answer: {_first_line(error)}", "Is it up?") from error

    def get(self, service: "Service", path: str, **query: str | int) -> tuple[int, bytes]:
        """Return status and body of a GET."""
        return self._call(service, "GET", f"{path}?{urlencode(query)}" if query else path, None, {})

    def post(self, service: "Service", path: str, body: bytes, content_type: str) -> tuple[int, bytes]:
        """Return status and body of a POST."""
        return self._call(service, "POST", path, body, {"Content-Type": content_type})

    def _call(
        self, service: "Service", method: str, path: str, body: bytes | None, headers: dict[str, str]
    ) -> tuple[int, bytes]:
        path = f"/api/v1/namespaces/{service.namespace}/services/{service.name}:{service.port}/proxy{path}"
        prepared = self.api.param_serialize(
            method, path, header_params=headers, body=body, auth_settings=["BearerToken"]
        )
        try:
            response = self.api.call_api(*prepared, _request_timeout=TIMEOUT_SECONDS)
            return int(response.status), bytes(response.read())
        except urllib3.exceptions.HTTPError as error:
            return 0, _first_line(error).encode()


class Service:
    """A Service's name, namespace and port."""

    def __init__(self, namespace: str, name: str, port: int) -> None:
        """Keep the three."""
        self.namespace, self.name, self.port = namespace, name, port


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]
