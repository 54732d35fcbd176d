"""The way to an API server: from a kubeconfig to a client, and from its exceptions to sentences."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import yaml
from kubernetes import config as kubernetes_config
from kubernetes.client import ApiClient, ApiException
from kubernetes.config.config_exception import ConfigException
from urllib3.exceptions import HTTPError

from lab.providers.plugin import ProviderError
from lab.providers.values import Json, lookup


class ApiError(ProviderError):
    """The API server refused; `status` is its HTTP status, 0 when it could not be reached."""

    def __init__(self, status: int, message: str, reason: str = "") -> None:
        """Keep the status beside the sentence."""
        super().__init__(message)
        self.status, self.reason = status, reason


def client_of(kubeconfig: str | None, context: str | None) -> tuple[ApiClient, str]:
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
def sentences() -> Iterator[None]:
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
