"""The engine's state of a stack on a cluster of one's own: kept in that cluster, so that every clone finds it.

It is a Secret in the stack's namespace, beside the Secrets whose values it holds: who may read those may read
it. Each change replaces it only if nobody else did meanwhile.
"""

import base64
import contextlib
import datetime as dt
import getpass
import gzip
import hashlib
import json
import platform
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus
from pathlib import Path
from typing import Any, Self

from kubernetes import client

from lab.engine import Engine
from lab.errors import LabError
from lab.service import Cluster, ClusterError
from lab.target import Target
from settings.loader import PROJECT

_KEY = "deployment.json.gz"
_TYPE = "fawkes.io/engine-state"
_PREFIX = "fawkes.io/"
# What an API server takes in one object is 1 MiB, in which the payload stands as base64.
_LARGEST_BYTES = 700_000


@dataclass(frozen=True, kw_only=True)
class Deployment:
    """Who changed a stack last, as in `ada@laptop`; from which state folder, when (UTC), to how many resources."""

    who: str
    folder: str
    when: str
    resources: int

    @classmethod
    def of_this_process(cls, folder: Path, resources: int) -> Self:
        """Return what is noted of a change that is made now."""
        now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        return cls(who=f"{getpass.getuser()}@{platform.node()}", folder=str(folder), when=now, resources=resources)

    @classmethod
    def from_annotations(cls, notes: Mapping[str, str]) -> Self:
        """Read it from a Secret; what somebody removed there is a question mark."""
        who, folder, when = (notes.get(_PREFIX + name, "?") for name in ("who", "folder", "when"))
        count = notes.get(f"{_PREFIX}resources", "")
        return cls(who=who, folder=folder, when=when, resources=int(count) if count.isdecimal() else 0)

    def annotations(self) -> dict[str, str]:
        """Write it for a Secret."""
        return {_PREFIX + name: str(value) for name, value in vars(self).items()}

    def __str__(self) -> str:
        """Say it in a sentence's middle."""
        return f"{self.resources} resources, last changed by {self.who} at {self.when} (state: {self.folder})"


@dataclass(frozen=True)
class SharedState:
    """One stack's state in the user's cluster; the target's engine has this machine's copy."""

    target: Target
    stack: str
    namespace: str

    def anything_there(self) -> bool:
        """Say whether the cluster has the stack's namespace."""
        return self._namespace() is not None

    def deployment(self) -> Deployment | None:
        """Return who changed the stack last, None when no state of it is in the cluster."""
        secret = self._read()
        return Deployment.from_annotations(secret.metadata.annotations or {}) if secret else None

    @contextlib.contextmanager
    def kept(self) -> Iterator[None]:
        """Fetch the state, and store what the block made of it, also when it was cut off."""
        self.fetch()
        try:
            yield
        except BaseException:
            # What went wrong first is what a person must read.
            with contextlib.suppress(LabError):
                self.store()
            raise
        self.store()

    def fetch(self) -> None:
        """Bring this machine's copy to what the cluster has.

        A copy that the cluster's was made from is newer, as after a run that was cut off, and stays. LabError when
        the stack is there and its state is neither in the cluster nor here.
        """
        secret = self._read()
        if secret is None:
            self._refuse_unknown()
            return
        payload = base64.b64decode(secret.data[_KEY])
        if self._last_seen() != _digest(payload):
            self._engine.import_state(json.loads(gzip.decompress(payload)))
            self._see(payload)

    def store(self) -> None:
        """Bring the cluster's copy to what this machine has; nothing is stored of a stack that is gone.

        LabError when somebody else changed it since `fetch`.
        """
        if not self.anything_there():
            self._note.unlink(missing_ok=True)
            return
        document = self._engine.export_state(show_secrets=True)
        resources = document["deployment"].get("resources", [])
        payload = gzip.compress(json.dumps(document).encode(), mtime=0)
        if len(payload) > _LARGEST_BYTES:
            raise LabError(
                f"The stack's state is too large for the cluster: {len(payload)} bytes, {_LARGEST_BYTES} fit.",
                f"It is in {self._home} alone: change the stack only from here.",
            )
        self._write(payload, Deployment.of_this_process(self._home, len(resources)))
        self._see(payload)

    def _write(self, payload: bytes, deployment: Deployment) -> None:
        secret, name = self._read(), self._name
        if secret and _digest(base64.b64decode(secret.data[_KEY])) != self._last_seen():
            raise self._changed_meanwhile(Deployment.from_annotations(secret.metadata.annotations or {}))
        meta = client.V1ObjectMeta(
            name=name,
            annotations=deployment.annotations(),
            labels={"app.kubernetes.io/part-of": PROJECT, "app.kubernetes.io/managed-by": "fawkes-lab"},
            resource_version=secret.metadata.resource_version if secret else None,
        )
        body = client.V1Secret(metadata=meta, type=_TYPE, data={_KEY: base64.b64encode(payload).decode()})
        core, space = self._cluster.core, self.namespace
        try:
            if secret:
                self._cluster.ask(core.replace_namespaced_secret, name, space, body)
            else:
                self._cluster.ask(core.create_namespaced_secret, space, body)
        except ClusterError as error:
            if error.status == HTTPStatus.CONFLICT:
                raise self._changed_meanwhile(self.deployment()) from error
            raise LabError(
                f"The state of the stack could not be kept in {self.namespace}: {error.said or error.what}",
                f"It is in {self._home}; with the right to write Secrets there, run the command again.",
            ) from error

    def _changed_meanwhile(self, other: Deployment | None) -> LabError:
        return LabError(
            f"Somebody else changed the stack at the same time: {other}.",
            "Run the command again: it starts from their state and makes what is missing.",
        )

    def _refuse_unknown(self) -> None:
        """Refuse a namespace that is there while no state says what in it is this stack's."""
        namespace = self._namespace()
        if namespace is None or self._engine.export_state()["deployment"].get("resources"):
            return
        labels = namespace.metadata.labels or {}
        ours = labels.get("app.kubernetes.io/part-of") == PROJECT
        made = (
            "a stack of this project that was not finished, or was deployed by other means" if ours else "others"
        )
        raise LabError(
            f"The namespace {self.namespace} is there already and belongs to {made}: no state of it is in the "
            f"cluster or in {self._home}. Deployed over it, the stack would count it as its own, and "
            "`make down` would delete it with all that is in it.",
            "Finish or end it where it was started; or name another in environment.namespace; or take over what "
            "is there, resource by resource: docs/take-over.md.",
        )

    def _read(self) -> Any:  # noqa: ANN401 - a model of the untyped client
        return self._found(self._cluster.core.read_namespaced_secret, self._name, self.namespace)

    def _namespace(self) -> Any:  # noqa: ANN401 - a model of the untyped client
        return self._found(self._cluster.core.read_namespace, self.namespace)

    def _found(self, call: Callable[..., Any], *arguments: str) -> Any:  # noqa: ANN401 - as above
        """Return what a call finds, None when there is nothing; LabError when the cluster does not say."""
        try:
            return self._cluster.ask(call, *arguments)
        except ClusterError as error:
            if error.status == HTTPStatus.NOT_FOUND:
                return None
            raise LabError(
                f"It is not known what is in the namespace {self.namespace}: {error.said or error.what}",
                "Use a kubeconfig that may read Namespaces, and Secrets in this one.",
            ) from error

    @cached_property
    def _engine(self) -> Engine:
        return self.target.engine(self.stack)

    @cached_property
    def _cluster(self) -> Cluster:
        return self.target.cluster()

    @property
    def _home(self) -> Path:
        return self.target.engine_home

    @property
    def _name(self) -> str:
        return f"{PROJECT}-state-{self.stack}"

    @property
    def _note(self) -> Path:
        """The file with the digest of the cluster's copy that this machine's was last the same as."""
        return self._home / f"shared-{self.stack}"

    def _last_seen(self) -> str:
        return self._note.read_text(encoding="ascii") if self._note.is_file() else ""

    def _see(self, payload: bytes) -> None:
        self._note.write_text(_digest(payload), encoding="ascii")


def _digest(payload: bytes) -> str:
    return hashlib.sha256(payload).hexdigest()
