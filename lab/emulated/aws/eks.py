"""EKS: which role the Pods of a service account get.

The moto server knows no Pod identities. So an association is checked against the service's own model, and
its role against IAM; then it is kept in the state alone, and nothing can drift from it.
"""

import secrets
from dataclasses import dataclass

from lab.emulated.aws.api import Api
from lab.emulated.aws.resource import Kind, Request, with_value
from lab.emulated.aws.spelling import last_part
from lab.emulated.plugin import ProviderError
from lab.emulated.values import Json

# As in `a-9njjin9gfghecgocd`: an `a`, and 17 characters.
_ID_BYTES = 9
_ID_LENGTH = 17


@dataclass(frozen=True, kw_only=True)
class _PodIdentityAssociation(Kind):
    """One service account's role, known by the association's id."""

    def request(self, inputs: Json, region: str) -> Request:
        """Return what the service would be asked."""
        del region
        parameters = with_value(
            clusterName=inputs["clusterName"],
            namespace=inputs["namespace"],
            serviceAccount=inputs["serviceAccount"],
            roleArn=inputs["roleArn"],
            disableSessionTags=inputs.get("disableSessionTags"),
            targetRoleArn=inputs.get("targetRoleArn"),
            tags=inputs.get("tagsAll"),
        )
        return Request("eks", "CreatePodIdentityAssociation", parameters)

    def create(self, api: Api, inputs: Json) -> str:
        """Check it, and give it an id as the service would."""
        self._check(api, inputs)
        return f"a-{secrets.token_hex(_ID_BYTES)[:_ID_LENGTH]}"

    def update(self, api: Api, resource_id: str, inputs: Json) -> None:
        """Check it."""
        del resource_id
        self._check(api, inputs)

    def read(self, api: Api, resource_id: str, inputs: Json) -> Json | None:
        """Return what follows from the id: the rest is in the state, so an import finds nothing."""
        if not inputs:
            return None
        account = api.call("sts", "GetCallerIdentity")["Account"]
        place = f"arn:{api.partition}:eks:{api.region}:{account}:podidentityassociation"
        arn = f"{place}/{inputs['clusterName']}/{resource_id}"
        return {"associationArn": arn, "associationId": resource_id}

    def delete(self, api: Api, resource_id: str, inputs: Json) -> None:
        """Forget it: there is nothing outside the state."""

    def _check(self, api: Api, inputs: Json) -> None:
        request = self.request(inputs, api.region)
        api.validate(request.service, request.operation, request.parameters)
        if api.find("iam", "GetRole", RoleName=last_part(inputs["roleArn"])) is None:
            raise ProviderError(f"There is no role {inputs['roleArn']} for Pods to get.")


KINDS: dict[str, Kind] = {
    "aws:eks/podIdentityAssociation:PodIdentityAssociation": _PodIdentityAssociation(
        inputs=(
            "clusterName",
            "disableSessionTags",
            "namespace",
            "region",
            "roleArn",
            "serviceAccount",
            "tags",
            "targetRoleArn",
        ),
        computed=("associationArn", "associationId"),
        replaces=("clusterName", "namespace", "region", "serviceAccount"),
        tagged=True,
    ),
}
