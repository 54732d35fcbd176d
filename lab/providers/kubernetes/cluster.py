"""The API server as the stand-in sees it: get, apply, delete, list, and errors in sentences."""

import json
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import yaml
from kubernetes import config as kubernetes_config
from kubernetes.client import ApiClient, ApiException
from kubernetes.config.config_exception import ConfigException
from kubernetes.dynamic import DynamicClient
from kubernetes.dynamic.exceptions import ResourceNotFoundError
from kubernetes.dynamic.resource import Resource
from urllib3 import BaseHTTPResponse
from urllib3.exceptions import HTTPError

from lab.providers.plugin import ProviderError
from lab.providers.values import Json, lookup

# Who the API server notes as the owner of the fields that are applied here.
FIELD_MANAGER = "pulumi-kubernetes"
# One request: the API server itself gives up on most after 60 s.
_REQUEST_SECONDS = 60.0


class KindMissingError(ProviderError):
    """The API server does not know this kind (yet): its CustomResourceDefinition is not there."""


class ApiError(ProviderError):
    """The API server refused; `status` is its HTTP status, 0 when it could not be reached."""

    def __init__(self, status: int, message: str, reason: str = "") -> None:
        """Keep the status beside the sentence."""
        super().__init__(message)
        self.status, self.reason = status, reason


def _ignore(_: str) -> None:
    """Take a warning that nobody asked for, as in the dry run behind a refresh."""


class Cluster:
    """One API server, with what it can do discovered when first asked for."""

    def __init__(self, client: ApiClient, namespace: str) -> None:
        """Connect; `namespace` is where objects go that name none. Raise `ApiError` when it is unreachable."""
        self.namespace = namespace
        # The client keeps what it discovers in a file that any other cluster at this address would
        # share, so it gets one of this process's own.
        self._scratch = tempfile.TemporaryDirectory(prefix="discovery-")
        self._discovery = threading.Lock()
        cache = str(Path(self._scratch.name) / "cache.json")
        with _sentences():
            self._client = DynamicClient(client, cache_file=cache)  # type: ignore[no-untyped-call]

    @classmethod
    def connect(cls, settings: Json) -> "Cluster":
        """Connect as the provider's `kubeconfig` (a path or contents), `context` and `namespace` say."""
        client, default_namespace = _client(settings.get("kubeconfig"), settings.get("context"))
        return cls(client, settings.get("namespace") or default_namespace)

    def namespaced(self, api_version: str, kind: str) -> bool:
        """Say whether the kind lives in namespaces; one not known yet is taken to."""
        try:
            return bool(self._resource(api_version, kind).namespaced)
        except KindMissingError:
            return True

    def get(self, manifest: Json) -> Json | None:
        """Return the live object of this kind, namespace and name, or None."""
        try:
            return self._request("get", self._path(manifest))
        except ApiError as error:
            if error.status == 404:  # noqa: PLR2004 - HTTP
                return None
            raise

    def apply(
        self,
        manifest: Json,
        *,
        dry_run: bool = False,
        force: bool = False,
        warn: Callable[[str], None] = _ignore,
    ) -> Json:
        """Apply on the server and return the object as it is (or, in a dry run, would be).

        `warn` is told what the server finds wrong without refusing it: a deprecated version, an unknown
        field, Pods that the namespace will not admit.
        """
        answer = self._send(
            "patch",
            self._path(manifest),
            body=manifest,
            content_type="application/apply-patch+yaml",
            field_manager=FIELD_MANAGER,
            force_conflicts="true" if force else None,
            dry_run="All" if dry_run else None,
        )
        for header in answer.headers.getlist("Warning"):
            # As in `299 - "unknown field \"spec.replica\""`.
            warn(header.partition('"')[2].removesuffix('"').replace('\\"', '"'))
        return _document(answer)

    def delete(self, manifest: Json, propagation: str) -> None:
        """Ask for deletion; one that is gone already is fine."""
        try:
            self._request("delete", self._path(manifest), propagation_policy=propagation)
        except ApiError as error:
            if error.status != 404:  # noqa: PLR2004 - HTTP
                raise

    def list(self, api_version: str, kind: str, namespace: str | None, **selectors: str) -> list[Json]:
        """List objects by `label_selector` or `field_selector`."""
        path = self._resource(api_version, kind).path(namespace=namespace)  # type: ignore[no-untyped-call]
        items: list[Json] = self._request("get", path, **selectors).get("items", [])
        return items

    def _path(self, manifest: Json) -> str:
        metadata = manifest["metadata"]
        resource = self._resource(manifest["apiVersion"], manifest["kind"])
        name, namespace = metadata["name"], metadata.get("namespace")
        return str(resource.path(name=name, namespace=namespace))  # type: ignore[no-untyped-call]

    def _resource(self, api_version: str, kind: str) -> Resource:
        group, _, version = api_version.rpartition("/")
        place = {"prefix": "apis", "group": group} if group else {"prefix": "api"}
        with self._discovery, _sentences():
            try:
                found: Resource = self._client.resources.get(api_version=version, kind=kind, **place)
            except ResourceNotFoundError:
                raise KindMissingError(
                    f"The API server does not know {kind} of {api_version}: is its definition applied?"
                ) from None
        return found

    def _request(self, method: str, path: str, **parameters: object) -> Json:
        return _document(self._send(method, path, **parameters))

    def _send(self, method: str, path: str, **parameters: object) -> BaseHTTPResponse:
        with _sentences():
            answer: BaseHTTPResponse = self._client.request(
                method, path, serialize=False, _request_timeout=_REQUEST_SECONDS, **parameters
            )
            return answer


def _document(answer: BaseHTTPResponse) -> Json:
    document: Json = json.loads(answer.data)
    return document


def owned(live: Json) -> bool:
    """Say whether the object was applied by this provider."""
    managers = lookup(live, ("metadata", "managedFields")) or []
    return any(entry.get("manager") == FIELD_MANAGER and entry.get("operation") == "Apply" for entry in managers)


def _client(kubeconfig: str | None, context: str | None) -> tuple[ApiClient, str]:
    """Make a client of a kubeconfig's path or contents; return the context's namespace beside it."""
    try:
        if kubeconfig and ("\n" in kubeconfig or kubeconfig.startswith("{")):
            contents = yaml.safe_load(kubeconfig)
            client = kubernetes_config.new_client_from_config_dict(contents, context)  # type: ignore[no-untyped-call]
            return client, _namespace(contents["contexts"], context or contents.get("current-context"))
        client = kubernetes_config.new_client_from_config(kubeconfig, context)  # type: ignore[no-untyped-call]
        contexts, active = kubernetes_config.list_kube_config_contexts(kubeconfig)  # type: ignore[no-untyped-call]
        return client, _namespace(contexts, context or active["name"])
    except ConfigException as error:
        raise ApiError(
            0, f"There is no usable kubeconfig: {error} Set KUBECONFIG or kubernetes:kubeconfig."
        ) from None


def _namespace(contexts: list[Json], name: str) -> str:
    chosen = next(context for context in contexts if context["name"] == name)
    return str(chosen["context"].get("namespace") or "default")


@contextmanager
def _sentences() -> Iterator[None]:
    """Turn the client's exceptions into sentences."""
    try:
        yield
    except ApiException as error:
        raise _refusal(error) from None
    except HTTPError as error:
        raise ApiError(0, _unreachable(error)) from None


def _unreachable(error: HTTPError) -> str:
    pool, reason = getattr(error, "pool", None), getattr(error, "reason", None) or error
    where = f" at {pool.host}:{pool.port}" if pool else ""
    return f"The Kubernetes API server{where} cannot be reached: {str(reason).rpartition(': ')[2]}."


def _refusal(error: ApiException) -> ApiError:
    try:
        status = json.loads(error.body or "")
    except ValueError:
        return ApiError(error.status, f"The API server answered {error.status} {error.reason}.")
    message = status.get("message") or f"The API server answered {error.status}."
    if status.get("reason") == "Conflict" and "Apply failed" in message:
        message += (
            "\n  Somebody else set these fields: leave them to them with ignore_changes, or take them back"
            ' with the annotation pulumi.com/patchForce: "true".'
        )
    causes = lookup(status, ("details", "causes")) or []
    fields = [f"{cause.get('field', '?')}: {cause.get('message', '')}" for cause in causes]
    # The usual message of an invalid object repeats its causes in one long line.
    unsaid = [line for line in fields if line.partition(": ")[2] not in message]
    return ApiError(error.status, "\n  ".join([message, *unsaid]), status.get("reason", ""))
