"""The API server as the stand-in sees it: get, apply, delete, list, and errors in sentences."""

import json
import os
import threading
from collections.abc import Callable

from kubernetes.client import ApiClient
from kubernetes.dynamic import DynamicClient
from kubernetes.dynamic.exceptions import ResourceNotFoundError
from kubernetes.dynamic.resource import Resource
from urllib3 import BaseHTTPResponse

from lab.providers.kubernetes.connection import ApiError, client_of, sentences
from lab.providers.plugin import ProviderError
from lab.providers.values import Json, lookup

# Who the API server notes as the owner of the fields that are applied here.
FIELD_MANAGER = "pulumi-kubernetes"
# The client keeps what it discovers in a file that any other cluster at this address would share, unless it cannot
# be written: nothing lies below what is no folder.
_NO_FILE = f"{os.devnull}/none"
# One request: the API server itself gives up on most after 60 s.
_REQUEST_SECONDS = 60.0


class KindMissingError(ProviderError):
    """The API server does not know this kind (yet): its CustomResourceDefinition is not there."""


def _ignore(_: str) -> None:
    """Take a warning that nobody asked for, as in the dry run behind a refresh."""


class Cluster:
    """One API server, with what it can do discovered when first asked for."""

    def __init__(self, client: ApiClient, namespace: str) -> None:
        """Connect; `namespace` is where objects go that name none. Raise `ApiError` when it is unreachable."""
        self.namespace = namespace
        self._discovery = threading.Lock()
        with sentences():
            self._client = DynamicClient(client, cache_file=_NO_FILE)  # type: ignore[no-untyped-call]

    @classmethod
    def connect(cls, settings: Json) -> "Cluster":
        """Connect as the provider's `kubeconfig` (a path or contents), `context` and `namespace` say."""
        client, default_namespace = client_of(settings.get("kubeconfig"), settings.get("context"))
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
        with self._discovery, sentences():
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
        with sentences():
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
