"""IAM: roles and their inline policies."""

import json
from dataclasses import dataclass

from lab.emulated.aws.api import Api
from lab.emulated.aws.resource import Kind, with_value
from lab.emulated.aws.spelling import document, tag_list, tag_map
from lab.emulated.values import Json


@dataclass(frozen=True, kw_only=True)
class _Role(Kind):
    """A role, identified by its name."""

    def parameters(self, inputs: Json) -> Json:
        return with_value(
            RoleName=inputs["name"],
            AssumeRolePolicyDocument=inputs["assumeRolePolicy"],
            Description=inputs.get("description"),
            Tags=tag_list(inputs["tagsAll"]),
        )

    def update(self, api: Api, resource_id: str, inputs: Json) -> None:
        role = {"RoleName": resource_id}
        api.call("iam", "UpdateAssumeRolePolicy", **role, PolicyDocument=inputs["assumeRolePolicy"])
        api.call("iam", "UpdateRoleDescription", **role, Description=inputs.get("description", ""))
        old, new = tag_map(api.call("iam", "ListRoleTags", **role)["Tags"]), inputs["tagsAll"]
        if gone := sorted(old.keys() - new.keys()):
            api.call("iam", "UntagRole", **role, TagKeys=gone)
        if new:
            api.call("iam", "TagRole", **role, Tags=tag_list(new))

    def read(self, api: Api, resource_id: str) -> Json | None:
        if (answer := api.find("iam", "GetRole", RoleName=resource_id)) is None:
            return None
        role = answer["Role"]
        return {
            "arn": role["Arn"],
            "assumeRolePolicy": json.dumps(role["AssumeRolePolicyDocument"]),
            "description": role.get("Description", ""),
            "name": role["RoleName"],
            "tagsAll": tag_map(role.get("Tags", [])),
        }

    def delete(self, api: Api, resource_id: str, _: Json) -> None:
        """Delete the role; the service refuses one to which somebody attached a policy."""
        api.find("iam", "DeleteRole", RoleName=resource_id)


@dataclass(frozen=True, kw_only=True)
class _RolePolicy(Kind):
    """An inline policy of a role, identified as `role:name`."""

    def parameters(self, inputs: Json) -> Json:
        role, name, policy = inputs["role"], inputs["name"], inputs["policy"]
        return {"RoleName": role, "PolicyName": name, "PolicyDocument": policy}

    def update(self, api: Api, _: str, inputs: Json) -> None:
        self.send(api, inputs)

    def read(self, api: Api, resource_id: str) -> Json | None:
        role, _, name = resource_id.partition(":")
        if (answer := api.find("iam", "GetRolePolicy", RoleName=role, PolicyName=name)) is None:
            return None
        return {"name": name, "policy": json.dumps(answer["PolicyDocument"]), "role": role}

    def delete(self, api: Api, resource_id: str, _: Json) -> None:
        role, _colon, name = resource_id.partition(":")
        api.find("iam", "DeleteRolePolicy", RoleName=role, PolicyName=name)


KINDS: dict[str, Kind] = {
    "aws:iam/role:Role": _Role(
        service="iam",
        creation="CreateRole",
        identity="{name}",
        inputs=("assumeRolePolicy", "description", "name", "tags"),
        computed=("arn",),
        replaces=("name",),
        name="name",
        meanings={"assumeRolePolicy": document},
        tagged=True,
    ),
    "aws:iam/rolePolicy:RolePolicy": _RolePolicy(
        service="iam",
        creation="PutRolePolicy",
        identity="{role}:{name}",
        inputs=("name", "policy", "role"),
        replaces=("name", "role"),
        name="name",
        meanings={"policy": document},
    ),
}
