"""KMS: keys, which are never deleted at once, and their aliases."""

from dataclasses import dataclass

from lab.emulated.aws.api import Api
from lab.emulated.aws.resource import Kind, Request, make, with_value
from lab.emulated.aws.spelling import document, last_part, tag_list, tag_map
from lab.emulated.values import Json

# All from the service itself, which knows one policy a key.
_DELETION_WINDOW_DAYS = 30
_POLICY = {"PolicyName": "default"}
_DEAD = {"PendingDeletion", "PendingReplicaDeletion"}


@dataclass(frozen=True, kw_only=True)
class _Key(Kind):
    """A key, known by its id."""

    def request(self, inputs: Json, region: str) -> Request:
        """Make it with its policy: one made without it could be used before the policy came."""
        del region
        parameters = with_value(
            Description=inputs.get("description"),
            KeyUsage=inputs.get("keyUsage"),
            KeySpec=inputs.get("customerMasterKeySpec"),
            Policy=inputs.get("policy"),
            MultiRegion=inputs.get("multiRegion"),
            BypassPolicyLockoutSafetyCheck=inputs.get("bypassPolicyLockoutSafetyCheck"),
            Tags=_tags(inputs.get("tagsAll", {})),
        )
        return Request("kms", "CreateKey", parameters)

    def create(self, api: Api, inputs: Json) -> str:
        """Make it; rotation and the rest need its id."""
        return str(make(api, self.request(inputs, api.region))["KeyMetadata"]["KeyId"])

    def finish(self, api: Api, resource_id: str, inputs: Json) -> None:
        """Set what differs; a disabled key takes no change, so it is disabled last and enabled first."""
        now = self.read(api, resource_id, inputs) or {}
        key, enabled = {"KeyId": resource_id}, bool(inputs.get("isEnabled", True))
        if enabled and not now.get("isEnabled"):
            api.call("kms", "EnableKey", **key)
        _rotate(api, key, now, inputs)
        if inputs.get("description") != now.get("description"):
            api.call("kms", "UpdateKeyDescription", **key, Description=inputs.get("description", ""))
        if "policy" in inputs and not self.same("policy", inputs["policy"], now.get("policy")):
            unchecked = bool(inputs.get("bypassPolicyLockoutSafetyCheck"))
            policy = {**_POLICY, "Policy": inputs["policy"]}
            api.call("kms", "PutKeyPolicy", **key, **policy, BypassPolicyLockoutSafetyCheck=unchecked)
        _retag(api, key, now.get("tagsAll", {}), inputs.get("tagsAll", {}))
        if not enabled and now.get("isEnabled"):
            api.call("kms", "DisableKey", **key)

    def read(self, api: Api, resource_id: str, inputs: Json) -> Json | None:
        """Look at it; one whose deletion is scheduled is gone."""
        del inputs
        answer = api.find("kms", "DescribeKey", KeyId=resource_id)
        if answer is None or answer["KeyMetadata"]["KeyState"] in _DEAD:
            return None
        key = answer["KeyMetadata"]
        rotation = api.call("kms", "GetKeyRotationStatus", KeyId=resource_id)
        period = rotation.get("RotationPeriodInDays")
        return {
            "arn": key["Arn"],
            "customerMasterKeySpec": key["KeySpec"],
            "description": key["Description"],
            "enableKeyRotation": rotation["KeyRotationEnabled"],
            "isEnabled": key["Enabled"],
            "keyId": key["KeyId"],
            "keyUsage": key["KeyUsage"],
            "multiRegion": key.get("MultiRegion", False),
            "policy": api.call("kms", "GetKeyPolicy", KeyId=resource_id, **_POLICY)["Policy"],
            "tagsAll": tag_map(
                api.call("kms", "ListResourceTags", KeyId=resource_id)["Tags"], "TagKey", "TagValue"
            ),
            **({"rotationPeriodInDays": period} if period else {}),
        }

    def delete(self, api: Api, resource_id: str, inputs: Json) -> None:
        """Schedule its deletion: until then it can be brought back."""
        days = inputs.get("deletionWindowInDays", _DELETION_WINDOW_DAYS)
        if self.read(api, resource_id, inputs) is not None:
            api.call("kms", "ScheduleKeyDeletion", KeyId=resource_id, PendingWindowInDays=days)


def _tags(tags: Json) -> list[Json]:
    return tag_list(tags, "TagKey", "TagValue")


def _rotate(api: Api, key: Json, now: Json, inputs: Json) -> None:
    wanted, period = bool(inputs.get("enableKeyRotation")), inputs.get("rotationPeriodInDays")
    other_period = period is not None and period != now.get("rotationPeriodInDays")
    if wanted and (not now.get("enableKeyRotation") or other_period):
        api.call("kms", "EnableKeyRotation", **key, **with_value(RotationPeriodInDays=period))
    elif not wanted and now.get("enableKeyRotation"):
        api.call("kms", "DisableKeyRotation", **key)


def _retag(api: Api, key: Json, now: Json, wanted: Json) -> None:
    if gone := sorted(now.keys() - wanted.keys()):
        api.call("kms", "UntagResource", **key, TagKeys=gone)
    if wanted != now and wanted:
        api.call("kms", "TagResource", **key, Tags=_tags(wanted))


@dataclass(frozen=True, kw_only=True)
class _Alias(Kind):
    """Another name of a key, known by itself."""

    def request(self, inputs: Json, region: str) -> Request:
        """Point it at its key."""
        del region
        parameters = {"AliasName": inputs["name"], "TargetKeyId": last_part(inputs["targetKeyId"])}
        return Request("kms", "CreateAlias", parameters)

    def create(self, api: Api, inputs: Json) -> str:
        """Make it."""
        make(api, self.request(inputs, api.region))
        return str(inputs["name"])

    def update(self, api: Api, resource_id: str, inputs: Json) -> None:
        """Point it at another key."""
        api.call("kms", "UpdateAlias", AliasName=resource_id, TargetKeyId=last_part(inputs["targetKeyId"]))

    def read(self, api: Api, resource_id: str, inputs: Json) -> Json | None:
        """Look for it in every page of the aliases: there is no call for a single one."""
        del inputs
        page: Json = {}
        while True:
            page = api.call("kms", "ListAliases", **with_value(Marker=page.get("NextMarker")))
            found = next((one for one in page["Aliases"] if one["AliasName"] == resource_id), None)
            if found or not page.get("NextMarker"):
                break
        if not found:
            return None
        arn, key_id = found["AliasArn"], found["TargetKeyId"]
        target = f"{arn.partition(':alias/')[0]}:key/{key_id}"
        return {"arn": arn, "name": resource_id, "targetKeyArn": target, "targetKeyId": key_id}

    def delete(self, api: Api, resource_id: str, inputs: Json) -> None:
        """Delete it; the key stays."""
        del inputs
        api.find("kms", "DeleteAlias", AliasName=resource_id)


KINDS: dict[str, Kind] = {
    "aws:kms/key:Key": _Key(
        inputs=(
            "bypassPolicyLockoutSafetyCheck",
            "customerMasterKeySpec",
            "deletionWindowInDays",
            "description",
            "enableKeyRotation",
            "isEnabled",
            "keyUsage",
            "multiRegion",
            "policy",
            "region",
            "rotationPeriodInDays",
            "tags",
        ),
        computed=("arn", "keyId"),
        replaces=("customerMasterKeySpec", "keyUsage", "multiRegion", "region"),
        # The real plugin's own.
        defaults={
            "bypassPolicyLockoutSafetyCheck": False,
            "customerMasterKeySpec": "SYMMETRIC_DEFAULT",
            "description": "Managed by Pulumi",
            "enableKeyRotation": False,
            "isEnabled": True,
            "keyUsage": "ENCRYPT_DECRYPT",
        },
        meanings={"policy": document},
        tagged=True,
    ),
    "aws:kms/alias:Alias": _Alias(
        inputs=("name", "region", "targetKeyId"),
        computed=("arn", "targetKeyArn"),
        replaces=("name", "region"),
        name="name",
        name_prefix="alias/",
        meanings={"targetKeyId": last_part},
    ),
}
