"""The engine's state of a stack on a cluster of one's own: kept in that cluster, so that every clone finds it.

It is a Secret in the stack's namespace, beside the Secrets whose values it holds: who may read those may read
it. Each change replaces it only if nobody else did meanwhile.
"""

import base64
import contextlib
import gzip
import hashlib
import json
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus
from pathlib import Path
from typing import Any

from kubernetes import client

from lab.cluster.service import Cluster, ClusterError
from lab.engine.engine import Engine
from lab.errors import LabError
from lab.target import local_state
from lab.target.deployment import Deployment
from lab.target.local_state import Namespace
from lab.target.target import Target
from settings.project import PROJECT

_KEY = "deployment.json.gz"
_TYPE = "fawkes.io/engine-state"
# What an API server takes in one object is 1 MiB, in which the payload stands as base64.
_LARGEST_BYTES = 700_000


@dataclass(frozen=True)
class SharedState:
    """One stack's state in the user's cluster; the target's engine has this machine's copy."""

    target: Target
    stack: str
    namespace: str

    def anything_there(self) -> bool:
        """Say whether the cluster has the stack's namespace."""
        return self._namespace(self.namespace) is not None

    def known(self) -> str:
        """Say in a sentence's middle what is known of the stack; "" when there is nothing of it, here or there.

        LabError when it is in another namespace.
        """
        if there := self.deployment():
            return str(there)
        if here := self._resources_here():
            return f"{len(here)} resources, of which this machine alone knows (state: {self._home})"
        return "no state of it is in the cluster" if self.anything_there() else ""

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
        the stack is there and its state is neither in the cluster nor here, or is here of another namespace.
        """
        secret = self._read()
        if secret is None:
            self._refuse_unknown()
            return
        payload = self._payload(secret)
        if self._last_seen() != _digest(payload):
            self._engine.import_state(self._document(payload))
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
        if secret and _digest(self._payload(secret)) != self._last_seen():
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
        here, there = self._resources_here(), self._namespace(self.namespace)
        known = local_state.namespaces(here)
        # A run that was cut off may have made it without having it in its state.
        if there is None or there in known or (here and there.ours and not known):
            return
        unfinished = "a stack of this project that was not finished, or was deployed by other means"
        made = unfinished if there.ours else "others"
        raise LabError(
            f"The namespace {self.namespace} is there already and belongs to {made}: no state of it is in the "
            f"cluster or in {self._home}. Deployed over it, the stack would count it as its own, and "
            "`make down` would delete it with all that is in it.",
            "Finish or end it where it was started; or name another in environment.namespace; or take over what "
            "is there, resource by resource: docs/take-over.md.",
        )

    def _resources_here(self) -> list[dict[str, Any]]:
        """Return what this machine's state has; LabError when that is in another namespace than the settings'."""
        resources = local_state.resources(self._home, self.stack)
        for found in local_state.namespaces(resources):
            if found.name != self.namespace and found == self._namespace(found.name):
                raise LabError(
                    f"The settings of {self.stack} name the namespace {self.namespace}, and the stack is in "
                    f"{found.name} (state: {self._home}), where it would be destroyed with its volumes.",
                    f"Set environment.namespace to {found.name} again; to move the stack, `make down` first.",
                )
        return resources

    def _payload(self, secret: Any) -> bytes:  # noqa: ANN401 - a model of the untyped client
        try:
            return base64.b64decode((secret.data or {})[_KEY], validate=True)
        except (KeyError, ValueError) as error:
            raise self._damaged() from error

    def _document(self, payload: bytes) -> dict[str, Any]:
        try:
            document: dict[str, Any] = json.loads(gzip.decompress(payload))
        except (OSError, EOFError, zlib.error, ValueError) as error:
            raise self._damaged() from error
        return document

    def _damaged(self) -> LabError:
        return LabError(
            f"The Secret {self._name} in {self.namespace} should hold the stack's state, and does not.",
            f"Bring it back from a backup. If {self._home} of the machine that changed the stack last is there, "
            "delete the Secret and run this there.",
        )

    def _read(self) -> Any:  # noqa: ANN401 - a model of the untyped client
        return self._found(self._cluster.core.read_namespaced_secret, self._name, self.namespace)

    def _namespace(self, name: str) -> Namespace | None:
        found = self._found(self._cluster.core.read_namespace, name)
        return Namespace.of(found.metadata.to_dict()) if found else None

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
