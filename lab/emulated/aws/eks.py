"""EKS: the role that the Pods of a service account get.

The moto server has no Pod Identity associations. So the request is validated against the service's own model, and
its role is looked up in IAM; then the association exists in the state alone, and nothing can drift from it.
"""

import secrets
from dataclasses import dataclass

from lab.emulated.aws.api import Api
from lab.emulated.aws.resource import Kind, with_value
from lab.emulated.aws.spelling import last_part
from lab.emulated.plugin import ProviderError
from lab.emulated.values import Json

# As in `a-9njjin9gfghecgocd`: an `a`, and 17 characters.
_ID_LENGTH = 17
_MEMBERS = ("clusterName", "namespace", "roleArn", "serviceAccount")


@dataclass(frozen=True, kw_only=True)
class _PodIdentityAssociation(Kind):
    """The role of one service account, identified by the association's id."""

    def parameters(self, inputs: Json) -> Json:
        return with_value(**{name: inputs[name] for name in _MEMBERS}, tags=inputs["tagsAll"])

    def create(self, api: Api, inputs: Json) -> str:
        """Validate the association and return an id of the service's form."""
        self.update(api, "", inputs)
        return f"a-{secrets.token_hex(_ID_LENGTH)[:_ID_LENGTH]}"

    def update(self, api: Api, _: str, inputs: Json) -> None:
        self.validate(api, inputs)
        if api.find("iam", "GetRole", RoleName=last_part(inputs["roleArn"])) is None:
            raise ProviderError(f"There is no role {inputs['roleArn']} for Pods to get.")

    def read(self, _: Api, resource_id: str) -> Json | None:
        return {"associationId": resource_id}

    def delete(self, api: Api, resource_id: str, inputs: Json) -> None:
        """Do nothing: nothing exists outside the state."""


KINDS: dict[str, Kind] = {
    "aws:eks/podIdentityAssociation:PodIdentityAssociation": _PodIdentityAssociation(
        service="eks",
        creation="CreatePodIdentityAssociation",
        inputs=(*_MEMBERS, "tags"),
        computed=("associationId",),
        replaces=("clusterName", "namespace", "serviceAccount"),
        tagged=True,
        state_only=True,
    ),
}
