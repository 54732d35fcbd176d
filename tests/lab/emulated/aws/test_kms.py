import json

import pytest
from pulumi.runtime.rpc import UNKNOWN

from lab.emulated.plugin import ProviderError
from lab.emulated.values import Json, Properties
from tests.lab.emulated.aws.support import Aws

POLICY = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": "arn:aws:iam::123456789012:root"},
                "Action": "kms:*",
                "Resource": "*",
            }
        ],
    }
)
KEY: Json = {
    "enableKeyRotation": True,
    "deletionWindowInDays": 30,
    "policy": POLICY,
    "tags": {"owner": "platform"},
}


def test_a_key_is_made_with_rotation_policy_and_tags(aws: Aws) -> None:
    made = aws.make("kms:Key", KEY)
    assert aws.kms.get_key_rotation_status(KeyId=made.id)["KeyRotationEnabled"] is True
    assert json.loads(aws.kms.get_key_policy(KeyId=made.id, PolicyName="default")["Policy"]) == json.loads(POLICY)
    assert aws.kms.list_resource_tags(KeyId=made.id)["Tags"] == [{"TagKey": "owner", "TagValue": "platform"}]
    described = aws.kms.describe_key(KeyId=made.id)["KeyMetadata"]
    assert (described["KeyUsage"], described["KeySpec"]) == ("ENCRYPT_DECRYPT", "SYMMETRIC_DEFAULT")
    assert made.state.values["keyId"] == made.id
    assert made.state.values["arn"] == f"arn:aws:kms:eu-central-1:123456789012:key/{made.id}"
    assert made.changed(KEY) == []


def test_a_preview_of_a_key_knows_neither_its_id_nor_its_arn(aws: Aws) -> None:
    state = aws.preview("kms:Key", Properties(KEY)).values
    assert {name for name, value in state.items() if value == UNKNOWN} == {"arn", "keyId"}
    assert aws.kms.list_keys()["Keys"] == []


def test_no_change_replaces_a_key(aws: Aws) -> None:
    """A replaced key leaves every block unreadable once the old one is deleted."""
    made = aws.make("kms:Key", KEY)
    kept = {"description": "d", "enableKeyRotation": False, "deletionWindowInDays": 7, "policy": "{}"}
    assert made.changed({**KEY, **kept}) == sorted(kept)


def test_a_key_is_changed_in_place(aws: Aws) -> None:
    made = aws.make("kms:Key", KEY)
    other = {
        "description": "blocks",
        "enableKeyRotation": True,
        "policy": POLICY.replace("kms:*", "kms:Describe*"),
        "tags": {"team": "a"},
    }
    made.update(other)
    key = aws.kms.describe_key(KeyId=made.id)["KeyMetadata"]
    assert key["Description"] == "blocks"
    assert "kms:Describe*" in aws.kms.get_key_policy(KeyId=made.id, PolicyName="default")["Policy"]
    assert aws.kms.list_resource_tags(KeyId=made.id)["Tags"] == [{"TagKey": "team", "TagValue": "a"}]
    made.update(KEY)
    assert made.refresh()
    assert made.changed(KEY) == []


def test_rotation_that_somebody_stopped_is_seen_and_started_again(aws: Aws) -> None:
    made = aws.make("kms:Key", KEY)
    aws.kms.disable_key_rotation(KeyId=made.id)
    assert made.refresh()
    assert made.changed(KEY) == ["enableKeyRotation"]
    made.update(KEY)
    assert aws.kms.get_key_rotation_status(KeyId=made.id)["KeyRotationEnabled"] is True


def test_rotation_is_stopped_where_the_program_says_so(aws: Aws) -> None:
    made = aws.make("kms:Key", KEY)
    made.update({**KEY, "enableKeyRotation": False})
    assert aws.kms.get_key_rotation_status(KeyId=made.id)["KeyRotationEnabled"] is False


def test_a_default_policy_is_not_the_programs_to_change(aws: Aws) -> None:
    """The service writes one for a key that is made without."""
    made = aws.make("kms:Key", {})
    assert made.refresh()
    assert made.changed({}) == []
    assert "kms:*" in made.state.values["policy"]


def test_a_deleted_key_can_be_brought_back_until_its_window_ends(aws: Aws) -> None:
    made = aws.make("kms:Key", {**KEY, "deletionWindowInDays": 9})
    made.delete()
    key = aws.kms.describe_key(KeyId=made.id)["KeyMetadata"]
    assert key["KeyState"] == "PendingDeletion"
    assert (key["DeletionDate"].date() - key["CreationDate"].date()).days == 9
    assert not made.refresh()
    made.delete()


def test_an_alias_leads_to_its_key_and_can_be_led_to_another(aws: Aws) -> None:
    one, two = aws.make("kms:Key", {}), aws.make("kms:Key", {})
    inputs = {"name": "alias/traces", "targetKeyId": one.id}
    alias = aws.make("kms:Alias", inputs)
    assert alias.id == "alias/traces"
    assert alias.state.values["arn"] == "arn:aws:kms:eu-central-1:123456789012:alias/traces"
    assert aws.kms.describe_key(KeyId="alias/traces")["KeyMetadata"]["KeyId"] == one.id
    assert alias.changed({**inputs, "targetKeyId": one.state.values["arn"]}) == []
    assert alias.changed({**inputs, "name": "alias/other"}) == ["name!"]
    assert alias.changed({**inputs, "targetKeyId": two.id}) == ["targetKeyId"]
    alias.update({**inputs, "targetKeyId": two.id})
    assert aws.kms.describe_key(KeyId="alias/traces")["KeyMetadata"]["KeyId"] == two.id
    aws.kms.update_alias(AliasName="alias/traces", TargetKeyId=one.id)
    assert alias.refresh()
    assert alias.changed({**inputs, "targetKeyId": two.id}) == ["targetKeyId"]
    alias.delete()
    assert not alias.refresh()
    alias.delete()


def test_an_alias_to_no_key_is_refused(aws: Aws) -> None:
    with pytest.raises(ProviderError, match="CreateAlias was refused: NotFoundException"):
        aws.make("kms:Alias", {"name": "alias/traces", "targetKeyId": "none"})
