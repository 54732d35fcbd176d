"""IAM: roles and the policies written into them."""

import json
from dataclasses import dataclass

from lab.emulated.aws.api import Api
from lab.emulated.aws.resource import Kind, Request, make, with_value
from lab.emulated.aws.spelling import document, tag_list, tag_map
from lab.emulated.values import Json


@dataclass(frozen=True, kw_only=True)
class _Role(Kind):
    """A role, known by its name."""

    def request(self, inputs: Json, region: str) -> Request:
        """Make it with everything it has."""
        del region
        parameters = with_value(
            RoleName=inputs["name"],
            AssumeRolePolicyDocument=inputs["assumeRolePolicy"],
            Description=inputs.get("description"),
            MaxSessionDuration=inputs.get("maxSessionDuration"),
            Path=inputs.get("path"),
            PermissionsBoundary=inputs.get("permissionsBoundary"),
            Tags=tag_list(inputs.get("tagsAll", {})),
        )
        return Request("iam", "CreateRole", parameters)

    def create(self, api: Api, inputs: Json) -> str:
        """Make it."""
        make(api, self.request(inputs, api.region))
        return str(inputs["name"])

    def update(self, api: Api, resource_id: str, inputs: Json) -> None:
        """Set what differs."""
        now, role = self.read(api, resource_id, inputs) or {}, {"RoleName": resource_id}
        if not self.same("assumeRolePolicy", inputs["assumeRolePolicy"], now.get("assumeRolePolicy")):
            api.call("iam", "UpdateAssumeRolePolicy", **role, PolicyDocument=inputs["assumeRolePolicy"])
        seconds, description = inputs.get("maxSessionDuration"), inputs.get("description", "")
        if (seconds, description) != (now.get("maxSessionDuration"), now.get("description")):
            api.call(
                "iam", "UpdateRole", **role, Description=description, **with_value(MaxSessionDuration=seconds)
            )
        _bound(api, role, now.get("permissionsBoundary"), inputs.get("permissionsBoundary"))
        _retag(api, role, now.get("tagsAll", {}), inputs.get("tagsAll", {}))

    def read(self, api: Api, resource_id: str, inputs: Json) -> Json | None:
        """Look at it."""
        del inputs
        answer = api.find("iam", "GetRole", RoleName=resource_id)
        if answer is None:
            return None
        role = answer["Role"]
        return {
            "arn": role["Arn"],
            "assumeRolePolicy": json.dumps(role["AssumeRolePolicyDocument"]),
            "createDate": role["CreateDate"].isoformat(),
            "description": role.get("Description", ""),
            "maxSessionDuration": role["MaxSessionDuration"],
            "name": role["RoleName"],
            "path": role["Path"],
            "permissionsBoundary": role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn", ""),
            "tagsAll": tag_map(role.get("Tags", [])),
            "uniqueId": role["RoleId"],
        }

    def delete(self, api: Api, resource_id: str, inputs: Json) -> None:
        """Delete it; with what is attached to it only where the program says so."""
        role = {"RoleName": resource_id}
        if inputs.get("forceDetachPolicies"):
            attached = api.find("iam", "ListAttachedRolePolicies", **role) or {}
            for policy in attached.get("AttachedPolicies", []):
                api.find("iam", "DetachRolePolicy", **role, PolicyArn=policy["PolicyArn"])
            for name in (api.find("iam", "ListRolePolicies", **role) or {}).get("PolicyNames", []):
                api.find("iam", "DeleteRolePolicy", **role, PolicyName=name)
        api.find("iam", "DeleteRole", **role)


def _bound(api: Api, role: Json, now: str | None, wanted: str | None) -> None:
    if wanted and wanted != now:
        api.call("iam", "PutRolePermissionsBoundary", **role, PermissionsBoundary=wanted)
    elif now and not wanted:
        api.call("iam", "DeleteRolePermissionsBoundary", **role)


def _retag(api: Api, role: Json, now: Json, wanted: Json) -> None:
    if gone := sorted(now.keys() - wanted.keys()):
        api.call("iam", "UntagRole", **role, TagKeys=gone)
    if wanted != now and wanted:
        api.call("iam", "TagRole", **role, Tags=tag_list(wanted))


@dataclass(frozen=True, kw_only=True)
class _RolePolicy(Kind):
    """A policy written into one role, known as `role:name`."""

    def request(self, inputs: Json, region: str) -> Request:
        """Put it."""
        del region
        parameters = {
            "RoleName": inputs["role"],
            "PolicyName": inputs["name"],
            "PolicyDocument": inputs["policy"],
        }
        return Request("iam", "PutRolePolicy", parameters)

    def create(self, api: Api, inputs: Json) -> str:
        """Put it."""
        make(api, self.request(inputs, api.region))
        return f"{inputs['role']}:{inputs['name']}"

    def update(self, api: Api, resource_id: str, inputs: Json) -> None:
        """Put it again."""
        del resource_id
        make(api, self.request(inputs, api.region))

    def read(self, api: Api, resource_id: str, inputs: Json) -> Json | None:
        """Look at it."""
        del inputs
        role, _, name = resource_id.partition(":")
        answer = api.find("iam", "GetRolePolicy", RoleName=role, PolicyName=name)
        if answer is None:
            return None
        return {"name": name, "policy": json.dumps(answer["PolicyDocument"]), "role": role}

    def delete(self, api: Api, resource_id: str, inputs: Json) -> None:
        """Delete it."""
        del inputs
        role, _, name = resource_id.partition(":")
        api.find("iam", "DeleteRolePolicy", RoleName=role, PolicyName=name)


KINDS: dict[str, Kind] = {
    "aws:iam/role:Role": _Role(
        inputs=(
            "assumeRolePolicy",
            "description",
            "forceDetachPolicies",
            "maxSessionDuration",
            "name",
            "path",
            "permissionsBoundary",
            "tags",
        ),
        computed=("arn", "createDate", "uniqueId"),
        replaces=("name", "path"),
        # The real plugin's own.
        defaults={"forceDetachPolicies": False, "maxSessionDuration": 3600, "path": "/"},
        name="name",
        meanings={"assumeRolePolicy": document},
        tagged=True,
        regional=False,
    ),
    "aws:iam/rolePolicy:RolePolicy": _RolePolicy(
        inputs=("name", "policy", "role"),
        replaces=("name", "role"),
        name="name",
        meanings={"policy": document},
        regional=False,
    ),
}
