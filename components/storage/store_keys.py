"""Credentials for the object store in a Secret: generated, or taken from secret configuration."""

from dataclasses import dataclass

import pulumi
import pulumi_random as random
from pulumi_kubernetes.core import v1 as core

from components.context import Context
from components.kubernetes.scope import Scope

ACCESS_KEY = "access_key"
SECRET_KEY = "secret_key"  # noqa: S105 - the name of a field
# MinIO's upper limits; it accepts 3 to 20 and 8 to 40 characters.
_ACCESS_KEY_LENGTH = 20
_SECRET_KEY_LENGTH = 40


@dataclass(frozen=True, kw_only=True)
class StoreKeysArgs:
    """The component that the Secret is labelled with; both credentials, or neither to generate them."""

    context: Context
    component: str
    access_key: pulumi.Input[str] | None = None
    secret_key: pulumi.Input[str] | None = None


class StoreKeys(pulumi.ComponentResource):
    """An immutable Secret with `access_key` and `secret_key`.

    Its generated name changes with the credentials, so every Pod that uses them restarts.
    """

    secret_name: pulumi.Output[str]

    def __init__(self, name: str, args: StoreKeysArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create the Secret, and the credentials unless given."""
        super().__init__("fawkes:tracing:StoreKeys", name, None, opts)
        scope = Scope(parent=self, name=name, context=args.context, component=args.component)
        secret = core.Secret(
            scope.child("secret"),
            metadata=scope.unnamed_metadata(),
            string_data={
                ACCESS_KEY: args.access_key or _generated(scope, "access-key", _ACCESS_KEY_LENGTH),
                SECRET_KEY: args.secret_key or _generated(scope, "secret-key", _SECRET_KEY_LENGTH),
            },
            immutable=True,
            opts=scope.options,
        )
        self.secret_name = secret.metadata.name
        self.register_outputs({"secret_name": self.secret_name})


def _generated(scope: Scope, role: str, length: int) -> pulumi.Output[str]:
    return random.RandomPassword(scope.child(role), length=length, special=False, opts=scope.options).result
