"""What the check is told: its ways, tenants and times. Rendered by the program, as JSON."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Tls:
    """Paths of PEM files; both of the client's own are empty where the server asks for no certificate."""

    ca_file: str
    cert_file: str = ""
    key_file: str = ""


@dataclass(frozen=True, kw_only=True)
class Way:
    """A way by which a trace goes in.

    - `name` and `tenant` are labels of its metrics; `tenants` are those that it must be readable as.
    - `url` receives OTLP over HTTP; `resource` are the attributes beside the service's name.
    """

    name: str
    tenant: str
    url: str
    tenants: tuple[str, ...]
    resource: dict[str, str]
    tls: Tls | None = None


@dataclass(frozen=True, kw_only=True)
class Config:
    """The whole configuration; all times are in seconds.

    - `seed`: what the ids of traces are made of beside the time, so that a restart forgets none.
    - `wait`: from a write to the first read, because the gateways decide then.
    - `deadline`: from a write until it counts as lost.
    - `stored_after`: the age from which only the bucket has a trace. None of that age is read more often than
      every `stored_every`.
    - `multitenant`: whether requests name their tenant.
    """

    seed: str
    port: int
    query_url: str
    multitenant: bool
    interval_seconds: float
    wait_seconds: float
    poll_seconds: float
    deadline_seconds: float
    request_seconds: float
    stored_after_seconds: float
    stored_every_seconds: float
    ways: tuple[Way, ...]


def load(path: Path) -> Config:
    """Return the configuration of a file; OSError, ValueError or TypeError if it is not one."""
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return Config(**(document | {"ways": tuple(_way(one) for one in document["ways"])}))


def _way(document: dict[str, Any]) -> Way:
    tls = document["tls"]
    return Way(**(document | {"tenants": tuple(document["tenants"]), "tls": None if tls is None else Tls(**tls)}))
