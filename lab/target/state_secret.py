"""The Secret that holds a stack's state in the user's cluster: its content, who changed it, its namespaces."""

import base64
import datetime as dt
import gzip
import hashlib
import json
import os
import platform
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from kubernetes import client

from cli.command import user_name
from settings.project import PROJECT

_KEY = "deployment.json.gz"
_TYPE = "fawkes.io/engine-state"
_PREFIX = "fawkes.io/"


@dataclass(frozen=True, kw_only=True)
class Deployment:
    """A stack's last change: by whom (`ada@laptop`), from which state folder, when (UTC), and its resources."""

    who: str
    folder: str
    when: str
    resources: int

    @classmethod
    def by_this_process(cls, folder: Path, resources: int) -> Self:
        """Return the record of a change that is made now."""
        who = f"{user_name(os.geteuid())}@{platform.node()}"
        now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        return cls(who=who, folder=str(folder), when=now, resources=resources)

    @classmethod
    def of_secret(cls, secret: Any) -> Self:  # noqa: ANN401 - a model of the untyped client
        """Read it from the Secret's annotations; a deleted one becomes a question mark."""
        notes = secret.metadata.annotations or {}
        who, folder, when = (notes.get(_PREFIX + name, "?") for name in ("who", "folder", "when"))
        count = notes.get(f"{_PREFIX}resources", "")
        return cls(who=who, folder=folder, when=when, resources=int(count) if count.isdecimal() else 0)

    def __str__(self) -> str:
        """Return a phrase for the middle of a sentence."""
        return f"{self.resources} resources, last changed by {self.who} at {self.when} (state: {self.folder})"


@dataclass(frozen=True)
class Namespace:
    """A namespace by name and uid: one that was deleted and created again is another.

    `ours` is whether its label names this project.
    """

    name: str
    uid: str
    ours: bool = field(compare=False)

    @classmethod
    def of(cls, metadata: Mapping[str, Any]) -> Self:
        """Read it from an object's metadata."""
        labels = metadata.get("labels") or {}
        return cls(metadata["name"], metadata.get("uid") or "", labels.get("app.kubernetes.io/part-of") == PROJECT)

    @classmethod
    def among(cls, resources: list[dict[str, Any]]) -> list[Self]:
        """Return the namespaces in a state."""
        created = [one for one in resources if one.get("type") == "kubernetes:core/v1:Namespace"]
        metadata = [one.get("outputs", {}).get("metadata") for one in created]
        return [cls.of(one) for one in metadata if one]


def packed(document: dict[str, Any]) -> bytes:
    """Return a state document as it is stored; the same document always gives the same bytes."""
    return gzip.compress(json.dumps(document).encode(), mtime=0)


def unpacked(payload: bytes) -> dict[str, Any]:
    """Return the state document; ValueError when the payload is damaged."""
    try:
        document: dict[str, Any] = json.loads(gzip.decompress(payload))
    except (OSError, EOFError, zlib.error) as error:
        raise ValueError(error) from error
    return document


def payload_of(secret: Any) -> bytes:  # noqa: ANN401 - as above
    """Return what a Secret holds; empty, which is no document, when that is missing or is not base64."""
    try:
        return base64.b64decode((secret.data or {}).get(_KEY, ""), validate=True)
    except ValueError:
        return b""


def digest(payload: bytes) -> str:
    """Return the payload's SHA-256."""
    return hashlib.sha256(payload).hexdigest()


def secret_of(secret: str, payload: bytes, deployment: Deployment, replaced: Any) -> client.V1Secret:  # noqa: ANN401
    """Return the Secret to write; the API server refuses it when `replaced` is no longer the current one."""
    metadata = client.V1ObjectMeta(
        name=secret,
        annotations={_PREFIX + name: str(value) for name, value in vars(deployment).items()},
        labels={"app.kubernetes.io/part-of": PROJECT, "app.kubernetes.io/managed-by": "fawkes-lab"},
        resource_version=replaced.metadata.resource_version if replaced else None,
    )
    return client.V1Secret(metadata=metadata, type=_TYPE, data={_KEY: base64.b64encode(payload).decode()})
