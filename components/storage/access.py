"""Tempo's authentication to the object store, and the KMS key that encrypts its blocks."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pulumi
from pulumi_kubernetes.core import v1 as core

from components.kubernetes import containers
from components.storage.identity_token import IdentityToken
from components.storage.store_keys import ACCESS_KEY, SECRET_KEY
from render.names import TEMPO_KMS_KEY_VARIABLE

_IDENTITY = "store/identity"


@dataclass(frozen=True, kw_only=True)
class StoreAccess:
    """Credentials from a Secret, or an identity that the platform gives to a service account; never both.

    `credentials_secret` is the Secret of `StoreKeys`. `token` proves the service account, and
    `identity_variables` is the ConfigMap with its variables; only processes that use the object store have them.
    `service_account_annotations` name the role for IRSA; EKS Pod Identity needs none,
    because it is bound to the account's name. `kms_key_id` is known only once the key exists, so the configuration
    refers to a variable. `identity` names the mechanism and the role. It becomes a Pod annotation, so a change
    restarts the Pods, which receive credentials only at start.
    """

    credentials_secret: pulumi.Input[str] | None = None
    service_account_annotations: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    kms_key_id: pulumi.Input[str] | None = None
    identity: pulumi.Input[str] | None = None
    token: IdentityToken | None = None
    identity_variables: pulumi.Input[str] | None = None

    @classmethod
    def by_credentials(cls, secret: pulumi.Input[str]) -> "StoreAccess":
        """Return access with the credentials in the Secret of this name."""
        return cls(credentials_secret=secret)

    @classmethod
    def by_identity(
        cls,
        identity: pulumi.Input[str],
        annotations: Mapping[str, pulumi.Input[str]],
        kms_key_id: pulumi.Input[str] | None = None,
        token: IdentityToken | None = None,
        identity_variables: pulumi.Input[str] | None = None,
    ) -> "StoreAccess":
        """Return access of the service account with these annotations."""
        return cls(
            identity=identity,
            service_account_annotations=annotations,
            kms_key_id=kms_key_id,
            token=token,
            identity_variables=identity_variables,
        )

    def environment(self, *, needs_object_store: bool) -> list[core.EnvVarArgs]:
        """Return a process's variables; only a process that uses the object store gets the credentials."""
        variables = []
        if needs_object_store and self.credentials_secret is not None:
            variables += [
                containers.from_secret("AWS_ACCESS_KEY_ID", self.credentials_secret, ACCESS_KEY),
                containers.from_secret("AWS_SECRET_ACCESS_KEY", self.credentials_secret, SECRET_KEY),
            ]
        if self.kms_key_id is not None:
            # Every process gets the key's id: all read the same configuration, and an id is no secret.
            variables.append(core.EnvVarArgs(name=TEMPO_KMS_KEY_VARIABLE, value=self.kms_key_id))
        return variables

    def imported_variables(self, *, needs_object_store: bool) -> list[core.EnvFromSourceArgs] | None:
        """Return the ConfigMap whose variables a container imports, None for none."""
        if not needs_object_store or self.identity_variables is None:
            return None
        return [core.EnvFromSourceArgs(config_map_ref=core.ConfigMapEnvSourceArgs(name=self.identity_variables))]

    def volumes(self, *, needs_object_store: bool) -> list[core.VolumeArgs]:
        """Return the volumes of a Pod beside Tempo's own."""
        return [self.token.volume()] if needs_object_store and self.token is not None else []

    def mounts(self, *, needs_object_store: bool) -> list[core.VolumeMountArgs]:
        """Return the mounts of those volumes."""
        return [self.token.mount()] if needs_object_store and self.token is not None else []

    def pod_annotations(self) -> dict[str, pulumi.Input[str]]:
        """Return the annotation that restarts Pods when their identity changes."""
        return {} if self.identity is None else {_IDENTITY: self.identity}

    def annotations(self) -> dict[str, pulumi.Input[str]] | None:
        """Return the service account's annotations, None for none."""
        return dict(self.service_account_annotations) or None
