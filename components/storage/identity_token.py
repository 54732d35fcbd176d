"""The token with which a Pod proves its service account to Amazon, and the variables that tell Tempo of it.

EKS has a webhook that adds both to a Pod when it is admitted. It learns of a new association some seconds after
the creation, and a Pod that was admitted before would never get credentials, however often its container restarts.
So the program gives every Pod both itself. Then a container that asks too early is refused, exits, and succeeds in
one of its next starts (docs/adr/0014).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
from pulumi_kubernetes.core import v1 as core

from render.names import IRSA_AUDIENCE, POD_IDENTITY_AUDIENCE

# Neither is the webhook's: it adds its own volume and mount beside them, and a path must not be mounted twice.
_VOLUME = "store-identity"
_FOLDER = "/var/run/secrets/fawkes-tracing/store-identity"
_FILE = "token"
# The webhook's default: the kubelet renews a token at 80 % of its life.
_LIFE_SECONDS = 86_400
_PATH = f"{_FOLDER}/{_FILE}"
# The EKS Pod Identity Agent on every node (EKS's guide, "Understand how EKS Pod Identity works").
_AGENT_URL = "http://169.254.170.23/v1/credentials"


@dataclass(frozen=True, kw_only=True)
class IdentityToken:
    """A service account's token for one audience, and the variables that name it and where to use it.

    The variables belong into a ConfigMap that the container imports as a whole: what the webhook writes into the
    container itself takes precedence, such as the agent's address in a cluster of IPv6.
    """

    audience: str
    variables: Mapping[str, pulumi.Input[str]]

    @classmethod
    def for_pod_identity(cls) -> "IdentityToken":
        """Return the token that the EKS Pod Identity Agent exchanges for the associated role's credentials."""
        variables = {
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": _AGENT_URL,
            "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": _PATH,
        }
        return cls(audience=POD_IDENTITY_AUDIENCE, variables=variables)

    @classmethod
    def for_irsa(cls, role_arn: pulumi.Input[str], region: str) -> "IdentityToken":
        """Return the token that the region's token service exchanges for the role's credentials."""
        variables = {
            "AWS_ROLE_ARN": role_arn,
            "AWS_WEB_IDENTITY_TOKEN_FILE": _PATH,
            "AWS_REGION": region,
        }
        return cls(audience=IRSA_AUDIENCE, variables=variables)

    def volume(self) -> core.VolumeArgs:
        """Return the Pod's volume with the token."""
        token = core.ServiceAccountTokenProjectionArgs(
            audience=self.audience, expiration_seconds=_LIFE_SECONDS, path=_FILE
        )
        source = core.VolumeProjectionArgs(service_account_token=token)
        return core.VolumeArgs(name=_VOLUME, projected=core.ProjectedVolumeSourceArgs(sources=[source]))

    def mount(self) -> core.VolumeMountArgs:
        """Return the container's mount of that volume."""
        return core.VolumeMountArgs(name=_VOLUME, mount_path=_FOLDER, read_only=True)
