"""Keep the engine's state of a stack in the user's cluster, where every clone finds it.

The state is a Secret in the stack's namespace, beside the Secrets whose values it holds: whoever may read those
may read it. A change replaces it only if nobody else has done so meanwhile.
"""

import contextlib
from collections.abc import Callable, Iterator
from functools import cached_property
from http import HTTPStatus
from pathlib import Path
from typing import Any

from lab.cluster.service import ClusterError
from lab.engine.engine import Engine
from lab.engine.project import Project
from lab.errors import LabError
from lab.target.state_secret import Deployment, Namespace, digest, packed, payload_of, secret_of, unpacked
from lab.target.target import Target
from settings.project import PROJECT, REPO

# An API server accepts objects up to 1 MiB, in which the payload is base64.
_MAX_BYTES = 700_000


class SharedState:
    """One stack's state in the user's cluster; the target's engine has this machine's copy."""

    def __init__(self, target: Target, stack: str, namespace: str) -> None:
        """Nothing is read from the cluster yet; LabError when its kubeconfig cannot be used."""
        self.target, self.stack, self.namespace = target, stack, namespace
        self._cluster, self._home = target.cluster(), target.engine_home
        self._name = f"{PROJECT}-state-{stack}"
        # The digest of the cluster's copy that this machine's copy last equalled.
        self._note = self._home / f"shared-{stack}"

    def namespace_exists(self) -> bool:
        """Return whether the cluster has the stack's namespace."""
        return self._namespace(self.namespace) is not None

    def summary(self) -> str:
        """Return a phrase on what is deployed, "" when there is no trace of the stack in the cluster or here.

        LabError when the stack is in another namespace.
        """
        if deployment := self.deployment():
            return str(deployment)
        if here := self._local_resources():
            return f"{len(here)} resources, known to this machine alone (state: {self._home})"
        return "its state is not in the cluster" if self.namespace_exists() else ""

    def deployment(self) -> Deployment | None:
        """Return the stack's last change, None when its state is not in the cluster."""
        secret = self._secret()
        return Deployment.of_secret(secret) if secret else None

    @contextlib.contextmanager
    def kept(self, *, previewed: bool = False) -> Iterator[None]:
        """Fetch the state, run the block, and store the state again, even if the block was interrupted.

        LabError if it was `previewed` since the last `fetch`, and somebody else changed it meanwhile.
        """
        seen = self._last_seen()
        self.fetch()
        if previewed and self._last_seen() != seen:
            raise _changed_meanwhile(self.deployment())
        try:
            yield
        except BaseException:
            # The first error is the one to report.
            with contextlib.suppress(LabError):
                self.store()
            raise
        self.store()

    def fetch(self) -> None:
        """Update this machine's copy from the cluster.

        A copy from which the cluster's was made is newer, as after an interrupted run, and is kept. LabError when
        the stack exists and its state is neither in the cluster nor here, or is here of another namespace.
        """
        secret = self._secret()
        if secret is None:
            self._refuse_unknown()
            return
        payload = payload_of(secret)
        if self._last_seen() == digest(payload):
            return
        try:
            document = unpacked(payload)
        except ValueError as error:
            raise LabError(
                f"The Secret {self._name} in {self.namespace} should hold the stack's state, and does not.",
                f"Restore it from a backup. If {self._home} of the machine that changed the stack last still "
                "exists, delete the Secret and run this there.",
            ) from error
        self._engine.import_state(document)
        self._note.write_text(digest(payload), encoding="ascii")

    def store(self) -> None:
        """Update the cluster's copy from this machine; nothing is stored of a stack whose namespace is gone.

        LabError when somebody else changed it since `fetch`.
        """
        if not self.namespace_exists():
            self._note.unlink(missing_ok=True)
            return
        document = self._engine.export_state(show_secrets=True)
        payload = packed(document)
        if len(payload) > _MAX_BYTES:
            raise LabError(
                f"The stack's state is too large for the cluster: {len(payload)} bytes, at most {_MAX_BYTES} fit.",
                f"It is in {self._home} alone: change the stack only from here.",
            )
        resources = document["deployment"].get("resources", [])
        self._write(payload, Deployment.by_this_process(self._home, len(resources)))
        self._note.write_text(digest(payload), encoding="ascii")

    def _write(self, payload: bytes, deployment: Deployment) -> None:
        current = self._secret()
        if current and digest(payload_of(current)) != self._last_seen():
            raise _changed_meanwhile(Deployment.of_secret(current))
        core, body = self._cluster.core, secret_of(self._name, payload, deployment, current)
        try:
            if current:
                self._cluster.ask(core.replace_namespaced_secret, self._name, self.namespace, body)
            else:
                self._cluster.ask(core.create_namespaced_secret, self.namespace, body)
        except ClusterError as error:
            if error.status == HTTPStatus.CONFLICT:
                raise _changed_meanwhile(self.deployment()) from error
            raise LabError(
                f"The stack's state could not be written to {self.namespace}: {error.said or error.what}",
                f"It is in {self._home}; with the right to write Secrets there, run the command again.",
            ) from error

    def _refuse_unknown(self) -> None:
        """Refuse a namespace that exists while no state lists this stack's resources in it."""
        here, there = self._local_resources(), self._namespace(self.namespace)
        known = Namespace.among(here)
        # An interrupted run may have created it before it was in the state.
        if there is None or there in known or (here and there.ours and not known):
            return
        unfinished = "a stack of this project that was not finished, or was deployed by other means"
        owner = unfinished if there.ours else "others"
        raise LabError(
            f"The namespace {self.namespace} exists already and belongs to {owner}: its state is neither in the "
            f"cluster nor in {self._home}. A stack deployed over it would count it as its own, and `make down` "
            "would delete it with everything in it.",
            "Finish or destroy it where it was started; or name another in environment.namespace; or import what "
            "exists, resource by resource: docs/take-over.md.",
        )

    def _local_resources(self) -> list[dict[str, Any]]:
        """Return this machine's resources; LabError when they are in another namespace than the settings'."""
        resources = Project(repo=REPO, stack=self.stack, home=self._home).resources()
        for found in Namespace.among(resources):
            if found.name != self.namespace and found == self._namespace(found.name):
                raise LabError(
                    f"The settings of {self.stack} name the namespace {self.namespace}, but the stack is in "
                    f"{found.name} (state: {self._home}), where it would be destroyed with its volumes.",
                    f"Set environment.namespace to {found.name} again; to move the stack, `make down` first.",
                )
        return resources

    def _secret(self) -> Any:  # noqa: ANN401 - a model of the untyped client
        return self._found(self._cluster.core.read_namespaced_secret, self._name, self.namespace)

    def _namespace(self, name: str) -> Namespace | None:
        found = self._found(self._cluster.core.read_namespace, name)
        return Namespace.of(found.metadata.to_dict()) if found else None

    def _found(self, call: Callable[..., Any], *arguments: str) -> Any:  # noqa: ANN401 - as above
        """Return the object that a call reads, None when there is none; LabError when it cannot be read."""
        try:
            return self._cluster.ask(call, *arguments)
        except ClusterError as error:
            if error.status == HTTPStatus.NOT_FOUND:
                return None
            raise LabError(
                f"The namespace {self.namespace} cannot be read: {error.said or error.what}",
                "Use a kubeconfig that may read Namespaces, and Secrets in this one.",
            ) from error

    @cached_property
    def _engine(self) -> Engine:
        return self.target.engine(self.stack)

    def _last_seen(self) -> str:
        return self._note.read_text(encoding="ascii") if self._note.is_file() else ""


def _changed_meanwhile(other: Deployment | None) -> LabError:
    return LabError(
        f"Somebody else changed the stack at the same time: {other}.",
        "Run the command again: it starts from their state and creates what is missing.",
    )


def unshared_stacks(home: Path) -> list[str]:
    """Return the stacks whose resources are known to this engine's folder alone: no cluster has a copy."""
    files = Project(repo=REPO, stack="", home=home).state_file.parent.glob("*.json")
    known = [stack for stack in sorted(file.stem for file in files) if not (home / f"shared-{stack}").exists()]
    return [stack for stack in known if Project(repo=REPO, stack=stack, home=home).resources()]
