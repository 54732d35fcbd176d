"""The keys to the object store, in a Secret: generated, or taken from secret configuration."""

from dataclasses import dataclass

import pulumi
import pulumi_random as random
from pulumi_kubernetes.core import v1 as core
from pulumi_kubernetes.meta import v1 as meta

ACCESS_KEY = "access_key"
SECRET_KEY = "secret_key"  # noqa: S105 - the name of a field
# MinIO takes 3 to 20 and 8 to 40 characters; both in full.
_ACCESS_KEY_LENGTH = 20
_SECRET_KEY_LENGTH = 40


@dataclass(frozen=True, kw_only=True)
class StoreKeysArgs:
    """Where the Secret stands; both keys, or none of them to generate both."""

    namespace: pulumi.Input[str]
    labels: dict[str, str]
    access_key: pulumi.Input[str] | None = None
    secret_key: pulumi.Input[str] | None = None


class StoreKeys(pulumi.ComponentResource):
    """An immutable Secret with `access_key` and `secret_key`.

    Its name is generated anew when the keys change, so every Pod that uses them restarts.
    """

    secret_name: pulumi.Output[str]

    def __init__(self, name: str, args: StoreKeysArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create the Secret, and the keys unless given."""
        super().__init__("fawkes:tracing:StoreKeys", name, None, opts)
        keys = {
            ACCESS_KEY: args.access_key or self._generated(f"{name}-access-key", _ACCESS_KEY_LENGTH),
            SECRET_KEY: args.secret_key or self._generated(f"{name}-secret-key", _SECRET_KEY_LENGTH),
        }
        secret = core.Secret(
            f"{name}-secret",
            metadata=meta.ObjectMetaArgs(namespace=args.namespace, labels=args.labels),
            string_data=keys,
            immutable=True,
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.secret_name = secret.metadata.name
        self.register_outputs({"secret_name": self.secret_name})

    def _generated(self, name: str, length: int) -> pulumi.Output[str]:
        password = random.RandomPassword(
            name, length=length, special=False, opts=pulumi.ResourceOptions(parent=self)
        )
        return password.result
