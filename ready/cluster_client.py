"""Requests to a Kubernetes API with a kubeconfig."""

import base64
import binascii
import json
import logging
import os
from http import HTTPStatus
from logging.handlers import BufferingHandler
from pathlib import Path
from typing import Any

import urllib3
from kubernetes import client, config
from kubernetes.client.exceptions import ApiException

from ready.facts import Connection
from ready.seen import NoAnswerError, NoCredentialsError
from ready.text import one_line

# To connect, and between two parts of an answer.
_TIMEOUTS_SECONDS = (10.0, 30.0)
# More errors than the library logs for one kubeconfig.
_LOGGED_ERRORS = 100


def kubeconfigs() -> str:
    """Return the files that kubectl would read, separated as in KUBECONFIG."""
    return os.environ.get("KUBECONFIG") or str(Path("~/.kube/config").expanduser())


class ClusterClient:
    """One cluster, reached with one context of the kubeconfig."""

    def __init__(self, context: str | None) -> None:
        """Read the kubeconfig and run its credentials program; NoAnswerError when one of them fails."""
        wanted = client.Configuration()
        # A cluster that is down is reported within seconds.
        wanted.retries = 1
        # A kubeconfig that turns verification off was written so; a warning at each request says nothing new.
        urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
        # The library only logs that a credentials program failed, and continues without credentials.
        errors = BufferingHandler(_LOGGED_ERRORS)
        errors.setLevel(logging.ERROR)
        logging.root.addHandler(errors)
        try:
            self._name = _context_name(context)
            # A renewed token is not written back: this command changes no file of the user's.
            self._api = config.new_client_from_config(  # type: ignore[no-untyped-call]  # untyped
                kubeconfigs(), context=self._name, persist_config=False, client_configuration=wanted
            )
        except NoAnswerError:
            raise
        except Exception as error:
            # The library validates little of what it reads: a field of a wrong type raises any error.
            raise NoAnswerError(
                one_line(f"{kubeconfigs()}: {error or type(error).__name__}").rstrip(".")
            ) from error
        finally:
            logging.root.removeHandler(errors)
        if errors.buffer:
            raise NoCredentialsError(one_line("; ".join(record.getMessage() for record in errors.buffer)))

    @property
    def connection(self) -> Connection:
        """Which cluster this is."""
        settings = self._api.configuration
        authority = Path(settings.ssl_ca_cert).read_text(encoding="utf-8") if settings.ssl_ca_cert else ""
        return Connection(
            kubeconfig=kubeconfigs(), context=self._name, server=str(settings.host), authority=authority.strip()
        )

    def get(self, path: str) -> Any:  # noqa: ANN401 - any JSON
        """Return the JSON at a path; None when there is nothing; NoAnswerError when it is refused."""
        return self._request("GET", path, None)

    def allowed(self, verb: str, group: str, resource: str, namespace: str) -> bool:
        """Return whether this user may do something: a review, which the API server answers and does not keep."""
        attributes = {"verb": verb, "group": group, "resource": resource, "namespace": namespace}
        review = {
            "apiVersion": "authorization.k8s.io/v1",
            "kind": "SelfSubjectAccessReview",
            "spec": {"resourceAttributes": attributes},
        }
        answer = self._request("POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", review)
        return bool(answer["status"].get("allowed"))

    def _request(self, method: str, path: str, body: object) -> Any:  # noqa: ANN401 - any JSON
        prepared = self._api.param_serialize(
            method, path, {}, [], {"Content-Type": "application/json"}, body, auth_settings=["BearerToken"]
        )
        try:
            response = self._api.call_api(*prepared, _request_timeout=_TIMEOUTS_SECONDS)
            status, text = int(response.status), bytes(response.read()).decode(errors="replace")
        except (ApiException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            raise NoAnswerError(one_line(_innermost(error))) from error
        if status == HTTPStatus.NOT_FOUND:
            return None
        if not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
            raise NoAnswerError(one_line(f"{status} {_message(text)}"), status)
        try:
            return json.loads(text)
        except ValueError as error:
            raise NoAnswerError(f"the answer at {path} is not JSON") from error


def certificate(encoded: str) -> str:
    """Return a certificate in PEM from its base64, as kubeconfigs and EKS hold it; empty if it is not that."""
    try:
        return base64.b64decode(encoded, validate=True).decode().strip()
    except (binascii.Error, ValueError):
        return ""


def _context_name(wanted: str | None) -> str:
    """Return the context to use; NoAnswerError when the kubeconfig does not have it."""
    try:
        contexts, current = config.list_kube_config_contexts(kubeconfigs())  # type: ignore[no-untyped-call]  # untyped
    except config.ConfigException as error:
        # Also without a current context, which a named one does not need.
        if wanted is None:
            raise NoAnswerError(one_line(f"{kubeconfigs()}: {error}")) from error
        return wanted
    names = [str(one["name"]) for one in contexts]
    if wanted is None:
        return str(current["name"])
    if wanted not in names:
        raise NoAnswerError(f"{kubeconfigs()} has no context {wanted}; it has {', '.join(names)}")
    return wanted


def _message(text: str) -> str:
    """Return the message of an API server's answer, or the beginning of another text."""
    try:
        return str(json.loads(text)["message"])
    except (ValueError, KeyError, TypeError):
        return text[:200]


def _innermost(error: Exception) -> str:
    """Return the reason inside the errors that the HTTP library nests."""
    while isinstance(inner := getattr(error, "reason", None), Exception):
        error = inner
    return str(error) or type(error).__name__
