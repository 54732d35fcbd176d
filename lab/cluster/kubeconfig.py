"""Read a kubeconfig that a user named, and explain in a sentence why it cannot be used."""

import logging
from collections.abc import Mapping
from logging.handlers import BufferingHandler
from pathlib import Path
from urllib.parse import urlsplit

import yaml
from kubernetes import client, config

from lab.errors import LabError

# For a connection that was idle too long. With urllib3's own three a timeout would be waited for four times.
_RETRIES = 1
# More errors than the library logs for one kubeconfig.
_LOGGED_ERRORS = 100


def client_of(kubeconfig: Path, *, direct: bool = False) -> client.ApiClient:
    """Return a client of the cluster in a kubeconfig's current context; LabError when it cannot be used.

    No request is sent yet, but a credentials program in the kubeconfig is run. With `direct` the proxy in the
    environment is ignored.
    """
    current_context(kubeconfig)
    wanted = client.Configuration()
    wanted.retries = _RETRIES
    if direct:
        wanted.proxy = None
    # The library only logs that a credentials program failed, and continues without credentials.
    errors = BufferingHandler(_LOGGED_ERRORS)
    errors.setLevel(logging.ERROR)
    logging.root.addHandler(errors)
    try:
        api: client.ApiClient = config.new_client_from_config(  # type: ignore[no-untyped-call]  # untyped
            str(kubeconfig), client_configuration=wanted
        )
    except (config.ConfigException, OSError) as error:
        raise _unusable(kubeconfig, str(error)) from error
    except Exception as error:
        # The library validates little of what it reads: a field of a wrong type raises any error.
        raise _unusable(kubeconfig, f"a field has a wrong type ({type(error).__name__}: {error})") from error
    finally:
        logging.root.removeHandler(errors)
    if errors.buffer:
        why = "; ".join(record.getMessage() for record in errors.buffer)
        raise _unusable(kubeconfig, f"its credentials are not available: {why}")
    _check_server(kubeconfig, wanted.host)
    return api


def current_context(kubeconfig: Path) -> str:
    """Return the name of the current context; LabError unless the file holds one YAML mapping with one."""
    try:
        document = yaml.safe_load(kubeconfig.read_text(encoding="utf-8"))
    except OSError as error:
        raise _unusable(kubeconfig, error.strerror or str(error)) from error
    except UnicodeDecodeError as error:
        raise _unusable(kubeconfig, "it is not a UTF-8 text file") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise _unusable(kubeconfig, f"it is not YAML: {' '.join(str(error).split())}") from error
    if document is None:
        raise _unusable(kubeconfig, "it is empty")
    if not isinstance(document, Mapping):
        raise _unusable(kubeconfig, "it holds no mapping of clusters, users and contexts")
    if not document.get("current-context"):
        raise _unusable(kubeconfig, "it has no current-context, which selects one of its clusters")
    return str(document["current-context"])


def _check_server(kubeconfig: Path, server: str) -> None:
    try:
        address = urlsplit(server)
        usable = address.scheme in {"http", "https"} and bool(address.hostname) and (address.port or 1) > 0
    except ValueError:
        usable = False
    if not usable:
        what = f"the server of its current context is {server!r}, not a URL like https://host:6443"
        raise _unusable(kubeconfig, what)


def _unusable(kubeconfig: Path, why: str) -> LabError:
    return LabError(
        f"{kubeconfig} is not a usable kubeconfig: {why.rstrip('.')}.",
        "Name another: FAWKES_KUBECONFIG=~/.kube/config",
    )
