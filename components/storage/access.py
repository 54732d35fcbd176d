"""How Tempo proves to the object store who it is, and with which key it has blocks encrypted."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pulumi
from pulumi_kubernetes.core import v1 as core

from components.kubernetes import containers
from components.storage.credentials import ACCESS_KEY, SECRET_KEY
from render.names import TEMPO_KMS_KEY_VARIABLE

_IDENTITY = "store/identity"


@dataclass(frozen=True, kw_only=True)
class StoreAccess:
    """Keys from a Secret, or an identity that the platform gives to a service account; never both.

    `keys_secret` is the Secret of `StoreKeys`. `service_account_annotations` name the role for IRSA; EKS Pod
    Identity needs none, it goes by the account's name. `kms_key_id` is known only when the key exists, so the
    configuration has a variable in its place, and Tempo is told to expand variables in all of its texts.
    `identity` says how which role is had: Pods are given it when they start, so with another they start again.
    """

    keys_secret: pulumi.Input[str] | None = None
    service_account_annotations: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    kms_key_id: pulumi.Input[str] | None = None
    identity: pulumi.Input[str] | None = None

    @classmethod
    def by_keys(cls, secret: pulumi.Input[str]) -> "StoreAccess":
        """Return access with the keys in the Secret of this name."""
        return cls(keys_secret=secret)

    @classmethod
    def by_identity(
        cls,
        identity: pulumi.Input[str],
        annotations: Mapping[str, pulumi.Input[str]],
        kms_key_id: pulumi.Input[str] | None = None,
    ) -> "StoreAccess":
        """Return access of the service account, with the annotations that it needs for it."""
        return cls(identity=identity, service_account_annotations=annotations, kms_key_id=kms_key_id)

    def environment(self, *, uses_store: bool) -> list[core.EnvVarArgs]:
        """Return a process's variables; a process that never asks the store gets no keys to it."""
        variables = []
        if uses_store and self.keys_secret is not None:
            variables += [
                containers.from_secret("AWS_ACCESS_KEY_ID", self.keys_secret, ACCESS_KEY),
                containers.from_secret("AWS_SECRET_ACCESS_KEY", self.keys_secret, SECRET_KEY),
            ]
        if self.kms_key_id is not None:
            # An id is no secret, and all processes read the one configuration: for all of them.
            variables.append(core.EnvVarArgs(name=TEMPO_KMS_KEY_VARIABLE, value=self.kms_key_id))
        return variables

    def arguments(self) -> list[str]:
        """Return the flag that makes Tempo expand variables, where there is one to expand."""
        return [] if self.kms_key_id is None else ["-config.expand-env=true"]

    def pod_annotations(self) -> dict[str, pulumi.Input[str]]:
        """Return what makes Pods start again when they would be given another identity."""
        return {} if self.identity is None else {_IDENTITY: self.identity}

    def annotations(self) -> dict[str, pulumi.Input[str]] | None:
        """Return the service account's annotations, None for none."""
        return dict(self.service_account_annotations) or None
