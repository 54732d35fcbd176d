"""KMS: keys, which are never deleted at once, and their aliases."""

from dataclasses import dataclass

from lab.emulated.aws.api import Api
from lab.emulated.aws.resource import Kind, with_value
from lab.emulated.aws.spelling import document, last_part, tag_list, tag_map
from lab.emulated.values import Json

# The service's own default.
_DELETION_WINDOW_DAYS = 30
# A key has one policy, and the service gives it this name.
_POLICY = {"PolicyName": "default"}
# The real plugin's default; moto has none of its own.
_SYMMETRIC = {"KeyUsage": "ENCRYPT_DECRYPT", "KeySpec": "SYMMETRIC_DEFAULT"}
_DELETED = {"PendingDeletion", "PendingReplicaDeletion"}
_TAG = {"key": "TagKey", "value": "TagValue"}


@dataclass(frozen=True, kw_only=True)
class _Key(Kind):
    """A key, identified by its id."""

    def parameters(self, inputs: Json) -> Json:
        """Include the policy: a key created without one could be used before the policy is set."""
        return with_value(
            Description=inputs["description"],
            **_SYMMETRIC,
            Policy=inputs.get("policy"),
            Tags=tag_list(inputs["tagsAll"], **_TAG),
        )

    def create(self, api: Api, inputs: Json) -> str:
        return str(self.send(api, inputs)["KeyMetadata"]["KeyId"])

    def finish(self, api: Api, resource_id: str, inputs: Json) -> None:
        """Set rotation, which needs the key's id, and everything that an update may change."""
        key = {"KeyId": resource_id}
        api.call("kms", "EnableKeyRotation" if inputs["enableKeyRotation"] else "DisableKeyRotation", **key)
        api.call("kms", "UpdateKeyDescription", **key, Description=inputs["description"])
        if "policy" in inputs:
            api.call("kms", "PutKeyPolicy", **key, **_POLICY, Policy=inputs["policy"])
        old, new = self._tags(api, resource_id), inputs["tagsAll"]
        if gone := sorted(old.keys() - new.keys()):
            api.call("kms", "UntagResource", **key, TagKeys=gone)
        if new:
            api.call("kms", "TagResource", **key, Tags=tag_list(new, **_TAG))

    def read(self, api: Api, resource_id: str) -> Json | None:
        """Return the key's properties; a key whose deletion is scheduled is gone."""
        answer = api.find("kms", "DescribeKey", KeyId=resource_id)
        if answer is None or answer["KeyMetadata"]["KeyState"] in _DELETED:
            return None
        key = answer["KeyMetadata"]
        return {
            "arn": key["Arn"],
            "description": key["Description"],
            "enableKeyRotation": api.call("kms", "GetKeyRotationStatus", KeyId=resource_id)["KeyRotationEnabled"],
            "keyId": key["KeyId"],
            "policy": api.call("kms", "GetKeyPolicy", KeyId=resource_id, **_POLICY)["Policy"],
            "tagsAll": self._tags(api, resource_id),
        }

    def delete(self, api: Api, resource_id: str, inputs: Json) -> None:
        """Schedule the key's deletion; until then it can be restored."""
        days = inputs.get("deletionWindowInDays", _DELETION_WINDOW_DAYS)
        if self.read(api, resource_id) is not None:
            api.call("kms", "ScheduleKeyDeletion", KeyId=resource_id, PendingWindowInDays=days)

    def _tags(self, api: Api, resource_id: str) -> Json:
        return tag_map(api.call("kms", "ListResourceTags", KeyId=resource_id)["Tags"], **_TAG)


@dataclass(frozen=True, kw_only=True)
class _Alias(Kind):
    """Another name of a key, identified by itself."""

    def parameters(self, inputs: Json) -> Json:
        return {"AliasName": inputs["name"], "TargetKeyId": last_part(inputs["targetKeyId"])}

    def update(self, api: Api, _: str, inputs: Json) -> None:
        api.call("kms", "UpdateAlias", **self.parameters(inputs))

    def read(self, api: Api, resource_id: str) -> Json | None:
        """Return what the alias refers to; every call that takes a key also takes its alias."""
        if (answer := api.find("kms", "DescribeKey", KeyId=resource_id)) is None:
            return None
        key = answer["KeyMetadata"]
        arn = f"{key['Arn'].rpartition(':')[0]}:{resource_id}"
        return {"arn": arn, "name": resource_id, "targetKeyId": key["KeyId"]}

    def delete(self, api: Api, resource_id: str, _: Json) -> None:
        """Delete the alias; the key stays."""
        api.find("kms", "DeleteAlias", AliasName=resource_id)


KINDS: dict[str, Kind] = {
    "aws:kms/key:Key": _Key(
        service="kms",
        creation="CreateKey",
        inputs=("deletionWindowInDays", "description", "enableKeyRotation", "policy", "tags"),
        computed=("arn", "keyId"),
        # The real plugin's own.
        defaults={"description": "Managed by Pulumi", "enableKeyRotation": False},
        meanings={"policy": document},
        tagged=True,
    ),
    "aws:kms/alias:Alias": _Alias(
        service="kms",
        creation="CreateAlias",
        identity="{name}",
        inputs=("name", "targetKeyId"),
        computed=("arn",),
        replaces=("name",),
        name="name",
        name_prefix="alias/",
        meanings={"targetKeyId": last_part},
    ),
}
