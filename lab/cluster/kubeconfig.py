"""Read a kubeconfig that a person named, and say in a sentence what is wrong with it."""

import contextlib
import logging
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

import yaml
from kubernetes import client, config

from lab.errors import LabError

_FIX = "Name another: FAWKES_KUBECONFIG=~/.kube/config"
# For a connection that was idle too long. urllib3's own three would make four waits of each time-out.
_RETRIES = 1


def client_of(kubeconfig: Path, *, direct: bool = False) -> client.ApiClient:
    """Return a client of the cluster that a kubeconfig names; LabError when it names none.

    Nothing is asked yet, but a program that the kubeconfig names for credentials is run. With `direct` the
    proxy that the environment names is left out.
    """
    _check_document(kubeconfig)
    wanted = client.Configuration()
    wanted.retries = _RETRIES
    if direct:
        wanted.proxy = None
    with _complaints() as complaints:
        try:
            api: client.ApiClient = config.new_client_from_config(  # type: ignore[no-untyped-call]  # untyped
                str(kubeconfig), client_configuration=wanted
            )
        except (config.ConfigException, OSError) as error:
            raise _unusable(kubeconfig, str(error)) from error
        except Exception as error:
            # The library checks little of what it reads: a number where a text belongs fails as whatever it does.
            why = f"a field of it is not as it should be ({type(error).__name__}: {error})"
            raise _unusable(kubeconfig, why) from error
    if complaints:
        raise _unusable(kubeconfig, f"its credentials cannot be had: {'; '.join(complaints)}")
    _check_server(kubeconfig, wanted.host)
    return api


def _check_document(kubeconfig: Path) -> None:
    """Raise LabError unless the file holds one YAML mapping."""
    try:
        document = yaml.safe_load(kubeconfig.read_text(encoding="utf-8"))
    except OSError as error:
        raise _unusable(kubeconfig, error.strerror or str(error)) from error
    except UnicodeDecodeError as error:
        raise _unusable(kubeconfig, "it is not a text in UTF-8") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise _unusable(kubeconfig, f"it is not YAML: {' '.join(str(error).split())}") from error
    if document is None:
        raise _unusable(kubeconfig, "it is empty")
    if not isinstance(document, Mapping):
        raise _unusable(kubeconfig, "it holds no mapping of clusters, users and contexts")
    if not document.get("current-context"):
        raise _unusable(kubeconfig, "it has no current-context, which says which of its clusters is meant")


def _check_server(kubeconfig: Path, server: str) -> None:
    try:
        address = urlsplit(server)
        usable = address.scheme in {"http", "https"} and bool(address.hostname) and (address.port or 1) > 0
    except ValueError:
        usable = False
    if not usable:
        raise _unusable(
            kubeconfig, f"the server of its current context is {server!r}, not a URL as https://host:6443"
        )


@contextlib.contextmanager
def _complaints() -> Iterator[list[str]]:
    """Collect what the library only logs: a program for credentials failed, and it goes on without."""
    said: list[str] = []

    class Collect(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            said.append(record.getMessage())

    collect = Collect(logging.ERROR)
    logging.root.addHandler(collect)
    try:
        yield said
    finally:
        logging.root.removeHandler(collect)


def _unusable(kubeconfig: Path, why: str) -> LabError:
    return LabError(f"{kubeconfig} is not a usable kubeconfig: {why.rstrip('.')}.", _FIX)
